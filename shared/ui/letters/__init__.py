"""Letters as tagged PDF: one frame in Typst, and the words of each letter in three languages."""
