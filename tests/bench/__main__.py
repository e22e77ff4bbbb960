"""Print every figure; what needs an engine says so when there is none."""

from __future__ import annotations

from tests.bench import embedded, image, large, screen


def main() -> None:
    for part in (screen.measure, large.measure, image.measure, embedded.measure):
        for line in part():
            print(line, flush=True)


if __name__ == "__main__":
    main()
