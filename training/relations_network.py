"""The network of the pair classifier: the lower layers of the encoder and a small head."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from extract.relations_features import COUNTS
from graph.ontology import RELATION_TYPES

WIDTH, HEADS, INNER = 384, 12, 1536
TYPES = 11
"""No mention, or first and further characters of the five types."""


class Layer(nn.Module):
    """One BERT layer."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        def split(y: torch.Tensor) -> torch.Tensor:
            return y.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = (query @ key.transpose(2, 3)) * (WIDTH // HEADS) ** -0.5 + bias
        mixed = (torch.softmax(weights, -1) @ value).transpose(1, 2).flatten(2)
        x = self.norm1(x + self.dropout(self.out(mixed)))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class PairClassifier(nn.Module):
    """Logits (pairs, relation types) for the candidate pairs of a batch of sentences."""

    def __init__(
        self, layers: int, vocabulary: int, rules: int, *, dropout: float = 0.1, size: int = 128
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.types = nn.Embedding(TYPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.head = nn.Linear(2 * WIDTH, size)
        self.tail = nn.Linear(2 * WIDTH, size)
        self.words_near = nn.Linear(WIDTH, size)
        self.counts = nn.ModuleList(nn.Embedding(n, size) for n in COUNTS)
        self.ends = nn.Embedding(COUNTS[0] * COUNTS[1] * COUNTS[2], size)
        self.rules = nn.Linear(rules, size)
        self.dropout = nn.Dropout(dropout)
        self.hidden = nn.Linear(8 * size, 2 * size)
        self.out = nn.Linear(2 * size, len(RELATION_TYPES))
        nn.init.normal_(self.types.weight, std=0.02)

    def forward(
        self,
        ids: torch.Tensor,
        types: torch.Tensor,
        ends: torch.Tensor,
        stretches: torch.Tensor,
        counts: torch.Tensor,
        rules: torch.Tensor,
    ) -> torch.Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.norm(self.words(ids) + self.positions(places)[None] + self.types(types))
        bias = ((ids == 0).to(x.dtype) * -1e4)[:, None, None, :]
        x = self.dropout(x)
        for layer in self.layers:
            x = layer(x, bias)
        flat = x.flatten(0, 1).float()
        head = self.head(flat[ends[:, :2]].flatten(1))
        tail = self.tail(flat[ends[:, 2:]].flatten(1))
        # Stretches have any length: prefix sums make each one a difference of two rows.
        near = F.relu(self.words_near(flat))
        sums = F.pad(torch.cumsum(near, 0), (0, 0, 1, 0))
        stretch = torch.log1p(F.relu(sums[stretches[:, 1::2]] - sums[stretches[:, ::2]]))
        number = sum(table(counts[:, i]) for i, table in enumerate(self.counts))
        both = (counts[:, 0] * COUNTS[1] + counts[:, 1]) * COUNTS[2] + counts[:, 2]
        seen = torch.cat(
            [
                head,
                tail,
                head * tail,
                stretch.flatten(1),
                number + self.ends(both),
                self.rules(rules),
            ],
            1,
        )
        return self.out(self.dropout(F.gelu(self.hidden(self.dropout(seen)))))


def load_lower_layers(network: PairClassifier, weights: Path) -> None:
    """Start from the lower layers of a fine-tuned recogniser (HanLP's ``model.pt``)."""
    state = torch.load(weights, map_location="cpu")
    base = "encoder.transformer."
    names = {
        "attention.self.query": "query",
        "attention.self.key": "key",
        "attention.self.value": "value",
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "norm1",
        "intermediate.dense": "up",
        "output.dense": "down",
        "output.LayerNorm": "norm2",
    }
    with torch.no_grad():
        words = state[base + "embeddings.word_embeddings.weight"].float()
        # Every character's segment is the first one: add it to the characters once.
        segment = state[base + "embeddings.token_type_embeddings.weight"][0].float()
        network.words.weight.copy_(words + segment)
        network.positions.weight.copy_(state[base + "embeddings.position_embeddings.weight"])
        for part in ("weight", "bias"):
            getattr(network.norm, part).copy_(state[f"{base}embeddings.LayerNorm.{part}"])
            for i, layer in enumerate(network.layers):
                for theirs, ours in names.items():
                    value = state[f"{base}encoder.layer.{i}.{theirs}.{part}"]
                    getattr(getattr(layer, ours), part).copy_(value)
