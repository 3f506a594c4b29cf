"""Train the model of kinds of event on a file of sentences and write seeds/models/kinds.npz.

    pip install scikit-learn
    python benchmarks/train_kinds.py FILE [-o FILE]

FILE is tab-separated with columns `sentence` and `gold_root`, a PLOVER event. Nothing of its sentences goes into the
model: words are counted in hashed buckets. Prints what 5 folds give, for three ways to shuffle them. Same file, same
knowledge, same versions: same model.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

from pacta.claims import kinds as model
from pacta.evaluation import fitting
from pacta.evaluation import kinds as scored
from pacta.pipeline import default_converter

SEEDS = (0, 1, 2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path)
    options.add_argument("-o", "--output", type=Path, default=model.model_path())
    given = options.parse_args()
    rows = scored.rows_of(given.file)
    texts, events = [text for text, _ in rows], [event for _, event in rows]
    features = fitting.buckets(scored.features_of(default_converter(), texts))
    kinds = [scored.kinds_of_events()[event] for event in events]
    names = sorted(set(kinds))
    margins = np.zeros((0, len(names)))
    for seed in SEEDS:
        margins = fitting.held_out(features, kinds, texts, seed)
        score = scored.score_events(kinds, [names[i] for i in margins.argmax(axis=1)])
        told = f"accuracy {score.value('accuracy')}, macro F1 {score.value('macro F1')}"
        print(f"folds shuffled by {seed}: {told}", file=sys.stderr)
    slope = fitting.best_slope(margins, kinds)
    corpus = hashlib.sha256(given.file.read_bytes()).hexdigest()
    write(fitting.fit(features, kinds, slope=slope, corpus=corpus), given.output)


def write(found: model.Classifier, file: Path) -> None:
    """Write the arrays as .npz, with one fixed date inside so that the bytes depend on the arrays alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(model.arrays_of(found).items()):
            data = io.BytesIO()
            np.lib.format.write_array(data, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
