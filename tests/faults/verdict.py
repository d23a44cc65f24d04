"""What a fault test found, in the words that reliability tests of brokers use."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

LEAST_BIT = 0.3


@dataclass(kw_only=True)
class Verdict:
    """Numbers of commands. `bit`: kills that hit work under way; `raw_duplicates`: events delivered once more."""

    bar: str
    place: str
    seed: int
    attempted: int
    acked: int
    ok: int
    lost: list[int]
    duplicated: list[int]
    unexpected: list[int]
    disordered: list[int]
    recovered: int
    kills: int = 0
    bit: int = 0
    raw_duplicates: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self):
        """Every acknowledged command had its effect once and in order, no other had it twice."""
        broken = self.lost or self.duplicated or self.unexpected or self.disordered or self.faults
        return not broken and self.ok == self.acked

    @property
    def has_bitten(self):
        """A run in which nothing was hit proves nothing."""
        return self.raw_duplicates > 0 and self.bit >= LEAST_BIT * self.kills

    def line(self):
        """The verdict as one line."""
        counted = {
            "seed": self.seed,
            "kills": self.kills,
            "bit": self.bit,
            "attempt": self.attempted,
            "acked": self.acked,
            "ok": self.ok,
            "lost": len(self.lost),
            "duplicated": len(self.duplicated),
            "unexpected": len(self.unexpected),
            "disordered": len(self.disordered),
            "recovered": self.recovered,
            "raw_duplicates": self.raw_duplicates,
            **self.notes,
            "seconds": round(self.seconds, 1),
        }
        told = " ".join(f"{name}={value}" for name, value in counted.items())
        faults = f" faults={'; '.join(self.faults)}" if self.faults else ""
        return f"{self.bar} {self.place} {told}{faults} {'holds' if self.holds else 'BROKEN'}"


def judge(*, attempted, acked, told, done, **more):
    """Compare the ledger with what the source has told, (aggregate, number) by version, and the effects in order."""
    times, acked = Counter(number for _, number in done), set(acked)
    return Verdict(
        attempted=len(attempted),
        acked=len(acked),
        ok=sum(1 for number in acked if times[number] == 1),
        lost=sorted(number for number in acked if not times[number]),
        duplicated=sorted(number for number, count in times.items() if count > 1),
        unexpected=sorted(set(times) - set(attempted)),
        disordered=_disordered(told, done),
        recovered=len(set(times) - acked),
        **more,
    )


def _disordered(told, done):
    wanted, found = _by_aggregate(told), _by_aggregate(done)
    return sorted(aggregate for aggregate in wanted if wanted[aggregate] != found[aggregate])


def _by_aggregate(pairs):
    grouped = defaultdict(list)
    for aggregate, number in pairs:
        grouped[aggregate].append(number)
    return grouped
