"""Random edits: what a person would call the same line keeps its id, and no other gets it."""

from __future__ import annotations

import os
import random

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import Lock, identify
from tests.source.story_edits import Item, Story

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))
STORIES = 8
FAR = {"move", "swap", "move_section", "reorder_choices"}
"""Edits after which a lone `Yes.` is known by nothing but its neighbours."""


def test_random_edits_keep_every_id() -> None:
    print(f"COMFYVN_SEED={SEED}")
    for number in range(STORIES):
        rng = random.Random(SEED + number)
        story = Story(rng)
        anchors, uids = story.anchors()
        identity = identify(Lock(), anchors)
        holder: dict[str, int] = {}
        known: dict[int, str] = {}
        texts: dict[int, str] = {}
        for scene, ids in identity.ids.items():
            holder.update(zip(ids, uids[scene], strict=True))
            known.update(zip(uids[scene], ids, strict=True))
        present = set(known)
        for _ in range(max(4, int(300 * SCALE))):
            edits = [story.edit() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
            disputed = set().union(*(doubt for _, doubt in edits))
            if any(name in FAR for name, _ in edits):
                disputed |= story.short_lines()
            texts |= {u: a.text for s in uids for u, a in zip(uids[s], anchors[s], strict=True)}
            anchors, uids = story.anchors()
            before, present = present, {uid for scene in uids for uid in uids[scene]}
            # A new copy of a line of which another is deleted is that one, moved and changed.
            gone = {story.copies.get(uid, uid) for uid in before - present}
            disputed |= {uid for uid in present - before if story.copies.get(uid) in gone}
            out = Diagnostics()
            lock = Lock.read(identity.lock.write(), out)
            assert out == []
            identity = identify(lock, anchors)
            now = {
                id: anchor.text
                for scene, ids in identity.ids.items()
                for id, anchor in zip(ids, anchors[scene], strict=True)
            }
            for scene, ids in identity.ids.items():
                assert len(set(ids)) == len(ids) == len(anchors[scene])
                for id, uid, anchor in zip(ids, uids[scene], anchors[scene], strict=True):
                    doubtful = uid in disputed or holder.get(id) in disputed
                    # Of two equal lines side by side nobody can tell which one is new.
                    alike = anchor.text in (
                        texts.get(holder.get(id, 0)),
                        now.get(known.get(uid, "")),
                    )
                    story_of = f"{anchor} after {[name for name, _ in edits]}"
                    if not doubtful and not alike:
                        assert uid not in known or known[uid] == id, f"id lost: {story_of}"
                        assert holder.get(id, uid) == uid, f"on a wrong line: {story_of}"
            lines = [
                pair
                for scene, ids in identity.ids.items()
                for pair in zip(ids, uids[scene], strict=True)
            ]
            for id, uid in lines:
                if known.get(uid, id) != id:  # it was in doubt: its former id may go elsewhere
                    holder.pop(known[uid], None)
            holder.update(lines)
            known.update((uid, id) for id, uid in lines)
            living = {id for ids in identity.ids.values() for id in ids}
            assert set(identity.gone.values()) <= living
            assert not set(identity.gone) & living
            assert identify(Lock.read(identity.lock.write(), out), anchors).ids == identity.ids


def test_deleted_lines_land_in_their_section() -> None:
    print(f"COMFYVN_SEED={SEED}")
    for number in range(max(5, int(100 * SCALE))):
        rng = random.Random(SEED + number)
        story = Story(rng)
        anchors, _ = story.anchors()
        identity = identify(Lock(), anchors)
        ids = {
            id: (scene, anchor)
            for scene in anchors
            for id, anchor in zip(identity.ids[scene], anchors[scene], strict=True)
        }
        part = story.a_part()
        at = rng.randrange(len(part.body))
        gone_items = flat(part.body[at : at + rng.randint(1, 3)])
        del part.body[at : at + rng.randint(1, 3)]
        anchors, _ = story.anchors()
        after = identify(identity.lock, anchors)
        for id, landing in after.gone.items():
            assert ids[id][0] == ids[landing][0], "lands in its scene"
            assert ids[id][1].label == ids[landing][1].label, "lands in its section"
            assert ids[landing][1].depth <= ids[id][1].depth, "lands in no other choice's body"
        assert {ids[id][1].text for id in after.gone} >= {
            item.text for item in gone_items[:1] if item.kind == "b"
        } - {anchor.text for scene in anchors for anchor in anchors[scene]}


def flat(items: list[Item]) -> list[Item]:
    return [each for item in items for each in (item, *flat(item.body))]
