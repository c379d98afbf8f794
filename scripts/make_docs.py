"""Write the pages that are made from data files and tables into docs/: `python scripts/make_docs.py`.

A test compares what lies there with what this would write.
"""

from __future__ import annotations

from pathlib import Path

from guides.policy_guide import render_policy_guide
from guides.tier_comparison import render_tier_comparison
from guides.troubleshooting import render_troubleshooting

FOLDER = Path(__file__).parents[1] / "docs"


def guide_texts() -> dict[str, str]:
    """File name -> content."""
    return {
        "POLICY_GUIDE.md": render_policy_guide(),
        "TIER_COMPARISON.md": render_tier_comparison(),
        "TROUBLESHOOTING.md": render_troubleshooting(),
    }


def main() -> None:
    """Write them anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in guide_texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
