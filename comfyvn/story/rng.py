"""Seeded streams: xoshiro128** (Blackman and Vigna, 2018) started by MurmurHash3_x86_128."""

from __future__ import annotations

from collections.abc import Sequence

_MASK = 0xFFFFFFFF
_C = (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93)
_K_ROTATION = (15, 16, 17, 18)
_H_ROTATION = (19, 17, 15, 13)
_H_ADD = (0x561CCD1B, 0x0BCAA747, 0x96CD1C35, 0x32AC3B17)


def _rotl(x: int, n: int) -> int:
    return (x << n | x >> (32 - n)) & _MASK


def _mix(h: int) -> int:
    h = (h ^ h >> 16) * 0x85EBCA6B & _MASK
    h = (h ^ h >> 13) * 0xC2B2AE35 & _MASK
    return h ^ h >> 16


def _scramble(k: int, i: int) -> int:
    return _rotl(k * _C[i] & _MASK, _K_ROTATION[i]) * _C[(i + 1) % 4] & _MASK


def murmur128(data: bytes, seed: int = 0) -> list[int]:
    """Return MurmurHash3_x86_128 (Austin Appleby, public domain) as four words."""
    h = [seed] * 4
    whole = len(data) & ~15
    for block in range(0, whole, 16):
        for i in range(4):
            start = block + 4 * i
            h[i] ^= _scramble(int.from_bytes(data[start : start + 4], "little"), i)
            h[i] = (_rotl(h[i], _H_ROTATION[i]) + h[(i + 1) % 4]) * 5 + _H_ADD[i] & _MASK
    tail = data[whole:]
    for i in range(4):
        h[i] ^= _scramble(int.from_bytes(tail[4 * i : 4 * i + 4], "little"), i) ^ len(data)
    h = [_mix(word) for word in _gather(h)]
    return _gather(h)


def _gather(h: Sequence[int]) -> list[int]:
    first = sum(h) & _MASK
    return [first, *(word + first & _MASK for word in h[1:])]


def stream(seed: int, name: str) -> list[int]:
    """Return the state that the stream `name` of a game with this seed begins with."""
    words = murmur128(f"{seed}:{name}".encode())
    return words if any(words) else [1, 0, 0, 0]


def next_output(state: Sequence[int]) -> tuple[int, list[int]]:
    """Return the next output of xoshiro128** and the state after it."""
    a, b, c, d = state
    output = _rotl(b * 5 & _MASK, 7) * 9 & _MASK
    shifted = b << 9 & _MASK
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    return output, [a, b, c, _rotl(d, 11)]


def draw(state: Sequence[int]) -> tuple[int, list[int]]:
    """Return an integer of 53 bits and the state after it."""
    high, between = next_output(state)
    low, after = next_output(between)
    return (high >> 5) * 2**26 + (low >> 6), after
