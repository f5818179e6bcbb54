"""Sheets of counts for tests."""

from hypothesis import strategies as st

from sync_server.core.figures.sheet import Criterion, Level, Sheet


def criterion(*counts: int, satisfied: int = 1, name: str = "Thái độ", published: str | None = None) -> Criterion:
    """Levels a, b, c …; the first ones are satisfied."""
    levels = tuple(Level("abcdefghij"[place], count, satisfied=place < satisfied) for place, count in enumerate(counts))
    return Criterion(name, levels, published=published)


def published(count: int, text: str | None, name: str = "a", *, satisfied: bool = False) -> Level:
    """A level with what was published of it."""
    return Level(name, count, satisfied=satisfied, published=text)


counts = st.integers(0, 10**9)
percentages = st.none() | st.integers(0, 10_000).map(lambda hundredths: f"{hundredths // 100},{hundredths % 100:02}")
words = st.sampled_from(
    ["Đúng hẹn", "Thái độ", "a,b", 'nói "được"', "=1+1", "-5", "a;b", "x'y", "1.445", "Ổn", "Kém", "é"]
)
levels = st.lists(
    st.builds(Level, words, counts, st.booleans(), percentages),
    min_size=2,
    max_size=5,
    unique_by=lambda level: level.name,
).map(tuple)
criteria = st.builds(Criterion, words, levels, st.none() | counts, st.none() | counts)
sheets = st.builds(
    Sheet,
    st.lists(criteria, min_size=1, max_size=3, unique_by=lambda criterion: criterion.name).map(tuple),
    st.none() | words,
    st.none() | counts,
    st.none() | counts,
)
