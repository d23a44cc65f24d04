"""Django as it is usually written: sessions and users in the database, a form that checks, models that keep."""

from __future__ import annotations

import io
import json

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import path
from sqlalchemy import make_url

from tests.benchmarks.peers.web_form import ORGANISATION, USER, load, serve

FORM = load()
PLACE = make_url(FORM.address)
settings.configure(
    SECRET_KEY="a key of thirty-two bytes or more",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": PLACE.database, "USER": PLACE.username,
            "HOST": PLACE.host, "PORT": PLACE.port, "CONN_MAX_AGE": None,
        }
    },
)  # fmt: skip
django.setup()

from django import forms  # noqa: E402 - Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402

KINDS = {"integer": models.IntegerField, "decimal": models.FloatField, "date": models.DateField}
META = {"Meta": type("Meta", (), {"app_label": "registry"}), "__module__": __name__}


def columns(described):
    return {one["name"]: KINDS.get(one["kind"], models.TextField)(null=True) for one in described}


def integers(*names):
    return {name: models.IntegerField() for name in names}


Profile = type(
    "Profile",
    (models.Model,),
    {"user": models.OneToOneField(User, on_delete=models.CASCADE), **integers("organisation"), **META},
)
Course = type("Course", (models.Model,), {**integers("pid", "organisation", "state"), **META})


def belongs(to):
    return models.ForeignKey(to, on_delete=models.CASCADE)


Kept = type("Kept", (models.Model,), {
    "course": models.OneToOneField(Course, on_delete=models.CASCADE, primary_key=True),
    "revision": models.IntegerField(), **columns(FORM.columns), **META,
})  # fmt: skip
Row = type("Row", (models.Model,), {"kept": belongs(Kept), **columns(FORM.child_columns), **META})


def checked(question):
    """The field of a question."""
    codes = [(code, code) for code in question["codes"]]
    match question["type"]:
        case "date":
            return forms.DateField(required=False)
        case "choices":
            return forms.MultipleChoiceField(choices=codes, required=False)
        case "integer":
            low, high = question["range"]
            return forms.IntegerField(min_value=low, max_value=high, required=False)
        case "choice" if codes:
            number = isinstance(codes[0][0], int)
            return forms.TypedChoiceField(
                choices=codes, coerce=int if number else str, empty_value=None, required=False
            )
        case "choice":
            return forms.IntegerField(required=False)
    return forms.CharField(max_length=question["longest"], required=False)


def form_of(name, questions, **more):
    return type(name, (forms.Form,), {**{q["key"]: checked(q) for q in questions}, **more})


DOSES = next(q for q in FORM.questions if q["type"] == "opioid_table")
LOW, HIGH = DOSES["range"]
Sent = form_of(
    "Sent", [q for q in FORM.questions if q["type"] not in {"rows", "opioid_table"}], revision=forms.IntegerField()
)
Doses = type("Doses", (forms.Form,), {
    code: forms.FloatField(min_value=LOW, max_value=HIGH, required=False) for code in DOSES["codes"]
})  # fmt: skip
Rows = forms.formset_factory(form_of("RowForm", FORM.rows_question["questions"]), extra=0)


def read(body):
    """What was sent, checked; None when something is wrong."""
    rows = body.pop(FORM.rows_question["key"], [])
    sent, doses = Sent(body), Doses(body.get(DOSES["key"], {}))
    numbered = {f"form-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    given = Rows({"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, **numbered})
    if not (sent.is_valid() and doses.is_valid() and given.is_valid()):
        return None
    taken = {key: dose for key, dose in doses.cleaned_data.items() if dose is not None}
    found = [one.cleaned_data for one in given]
    return {**sent.cleaned_data, DOSES["key"]: taken, FORM.rows_question["key"]: found}


@transaction.atomic
def save_form(request, course_id):
    course = get_object_or_404(Course, id=course_id)
    if course.organisation != request.user.profile.organisation:
        return JsonResponse({}, status=404)
    data = read(json.loads(request.body))
    if data is None:
        return JsonResponse({}, status=422)
    kept = Kept.objects.filter(course_id=course_id).first() or Kept(course_id=course_id, revision=0)
    if kept.revision != data["revision"]:
        return JsonResponse({}, status=409)
    for name, value in FORM.row(data).items():
        setattr(kept, name, value)
    kept.revision += 1
    kept.save()
    kept.row_set.all().delete()
    Row.objects.bulk_create([Row(kept=kept, **values) for values in FORM.rows(data)])
    course.state = 2
    course.save()
    return JsonResponse({"course_id": course_id, "revision": kept.revision})


urlpatterns = [path("courses/<int:course_id>/form", save_form)]


def filled():
    """Tables, a logged-in user, courses; returns the user's headers."""
    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.schema_editor() as editor:
        for kind in (Profile, Course, Kept, Row):
            editor.create_model(kind)
    user = User.objects.create(id=USER, username="kari")
    Profile.objects.create(user=user, organisation=ORGANISATION)
    ids = range(1, FORM.courses + 1)
    Course.objects.bulk_create([Course(id=n, pid=n, organisation=ORGANISATION, state=1) for n in ids])
    session = SessionStore()
    session.update({
        SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    })  # fmt: skip
    session.save()
    token = _get_new_csrf_string()
    return {"HTTP_COOKIE": f"sessionid={session.session_key}; csrftoken={token}", "HTTP_X_CSRFTOKEN": token}


APP = get_wsgi_application()
HEADERS = filled()


def prepared(course_id, body):
    environ = {
        "REQUEST_METHOD": "PUT", "PATH_INFO": f"/courses/{course_id}/form", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), **HEADERS,
    }  # fmt: skip

    def send():
        told = []
        answer = APP(environ, lambda status, *_: told.append(status))
        b"".join(answer)
        answer.close()
        return int(told[0].split()[0])

    return send


if __name__ == "__main__":
    serve(FORM, prepared)
