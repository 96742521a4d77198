"""Charts of an invented network, one of every kind, and the words they are given."""

from checker.charts.dots import Dots, Row
from checker.charts.funnel import Funnel, Limit, Spot
from checker.charts.histogram import Bin, Histogram
from checker.charts.model import Chart, Words
from checker.charts.shares import Part, Shares
from checker.charts.trend import Month, SmallMultiples, Trend

WORDS = Words(
    value=lambda share: f"{share * 100:.1f}\u202f%",
    tick=lambda share: f"{share * 100:.0f}",
    count=lambda n: f"n = {n}",
    missing="no visits",
    cut="The scale does not begin at 0.",
)
MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")
SCORES = (0.78, 0.79, 0.77, None, 0.80, 0.79, None, 0.78, None, 0.79, 0.80, 0.81, 0.82)


def trend(title: str = "Compliance", scores: tuple[float | None, ...] = SCORES) -> Trend:
    """Give thirteen months with gaps; the target rose in July."""
    months = tuple(
        Month(
            label,
            score,
            None if score is None else score - 0.02,
            None if score is None else score + 0.02,
            n=0 if score is None else 40,
            target=0.80 if index < 9 else 0.85,
            year="2025" if index < 3 else "2026",
        )
        for index, (label, score) in enumerate(zip(MONTHS, scores, strict=True))
    )
    columns = ("Month", "Score", "from", "to", "Target", "Visits")
    return Trend(title, "From 78.0 % to 82.0 %.", months, WORDS, columns, "Target 85 %")


def dots(label: str = "Greeting within 30 s") -> Dots:
    """Give a row of every state."""
    rows = (
        Row(label, 0.79, 0.77, 0.81, 0.85, "below", "below target", 1502, "store"),
        Row("Reply within 20 s", 0.88, 0.86, 0.90, 0.85, "above", "above target", 842, "online"),
        Row("Three yeses", 0.84, 0.80, 0.88, 0.85, "open", "not decided", 120),
        Row("Gift wrapping", None, state_words="too few to compare", n=2),
    )
    columns = ("Standard", "Share", "from", "to", "Target", "State", "Visits")
    return Dots("Standards", "Two of four are decided.", rows, WORDS, columns)


def histogram() -> Histogram:
    """Give seconds until greeting with a limit at 30."""
    counts = (20, 80, 140, 152, 110, 70, 44, 36, 28)
    bins = tuple(
        Bin(f"{index * 5 + 1}–{index * 5 + 5}", count, index > 5) for index, count in enumerate(counts)
    )
    return Histogram(
        "Seconds until greeting",
        "Half within 19 seconds.",
        bins,
        WORDS,
        ("Seconds", "Visits", "Share"),
        "Standard: 30 s",
        "16 % came later",
        Bin("never greeted", 17, late=True),
    )


def shares() -> Shares:
    """Give the service level as shoppers felt it."""
    parts = (Part("low", 14, "warn"), Part("standard", 160, "range"), Part("wow", 60, "accent"))
    return Shares("Service level", "Most felt the standard.", parts, WORDS, ("Level", "Visits", "Share"))


def funnel() -> Funnel:
    """Give branches, one of them outside the limits."""
    spots = (
        *(Spot(f"Branch {n}", 0.8 + (n % 5 - 2) / 40, n) for n in range(3, 20)),
        Spot("Oulu Valkea", 0.41, 18, "below", "below the limits"),
    )
    limits = tuple(Limit(n, 0.8 - 1.2 / n**0.5, 0.8 + 1.2 / n**0.5, 0.7, 0.9) for n in range(3, 21))
    columns = ("Branch", "Score", "Visits", "State")
    return Funnel("Branches", "One stands out.", spots, limits, 0.8, WORDS, columns, "Network 80", "visits")


def every_chart() -> dict[str, Chart]:
    """Give one chart of every kind by its name."""
    panels = tuple(trend(f"Standard {number}") for number in range(1, 7))
    return {
        "trend": trend(),
        "multiples": SmallMultiples("Six standards", "One scale.", panels),
        "dots": dots(),
        "histogram": histogram(),
        "shares": shares(),
        "funnel": funnel(),
    }
