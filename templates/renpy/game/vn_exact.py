"""Arithmetic, printing and chance that give the same results on every player.

Integers and numbers stay within 2**53 of zero; there is no minus zero. The random generator is
xoshiro128** (David Blackman and Sebastiano Vigna, 2018), started by MurmurHash3_x86_128 (Austin
Appleby). Nothing here knows Ren'Py or keeps state.
"""

import math
import unicodedata
from decimal import Decimal

EDGE = 2**53
TEXT_LIMIT = 65536
WORD = 0xFFFFFFFF


def number(x):
    """Bring a result within 2**53 of zero; minus zero becomes zero."""
    if -EDGE <= x <= EDGE:
        return x or 0
    return EDGE if x > 0 else -EDGE


def within(x, low, high):
    """Bring a result within a variable's range; None is no limit."""
    if low is not None and x < low:
        x = low
    if high is not None and x > high:
        x = high
    return number(x)


def divide(a, b):
    return number(a / b) if b else 0


def floor_divide(a, b):
    return number(a // b) if b else 0


def modulo(a, b):
    return a % b if b else 0


def floor_divide_numbers(a, b):
    return number(float(math.floor(number(float(a) / b)))) if b else 0


def modulo_numbers(a, b):
    if not b:
        return 0
    a, b = float(a), float(b)
    return number(a - number(float(math.floor(number(a / b))) * b))


def joined(text):
    """Cut a text that was put together to the longest one allowed."""
    return text[:TEXT_LIMIT]


def union(a, b):
    return list(dict.fromkeys(list(a) + list(b)))


def without(a, b):
    return [member for member in a if member not in b]


def show(value, digits=None):
    """Return a value as text shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if digits is None:
            text = repr(value)
            if "e" in text:
                return format(Decimal(text), "f")
            return text[:-2] if text.endswith(".0") else text
        text = format(value, ".%df" % digits)
        return text if text.strip("-0.") else text.lstrip("-")
    if isinstance(value, (list, tuple)):
        return ", ".join(value)
    return str(value)


def operands(x):
    """Return what plural rules ask about a number: the operands of CLDR."""
    n = abs(x)
    fraction = show(n).partition(".")[2]
    digits = min(int(fraction or 0), EDGE)
    size = len(fraction)
    return dict(n=n, i=math.floor(n), v=size, w=size, f=digits, t=digits, c=0, e=0)


def tidy(text, length=None):
    """Return what a player typed without control characters, composed, cut to `length`."""
    text = "".join(c for c in text if unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", text)[:length]


def stream(seed, name):
    """Return the state that a named stream of a game with this seed begins with."""
    words = murmur128(("%d:%s" % (seed, name)).encode("utf-8"))
    return words if any(words) else (1, 0, 0, 0)


def draw(state):
    """Return an integer of 53 bits and the state after it."""
    high, state = _next(state)
    low, state = _next(state)
    return (high >> 5) * 2**26 + (low >> 6), state


def _rotate(x, n):
    return ((x << n) | (x >> (32 - n))) & WORD


def _next(state):
    a, b, c, d = state
    output = (_rotate((b * 5) & WORD, 7) * 9) & WORD
    shifted = (b << 9) & WORD
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    return output, (a, b, c, _rotate(d, 11))


_MULTIPLIERS = (0x239B961B, 0xAB0E9789, 0x38B34AE5, 0xA1E38B93)


def _scramble(k, lane):
    k = _rotate((k * _MULTIPLIERS[lane]) & WORD, 15 + lane)
    return (k * _MULTIPLIERS[(lane + 1) % 4]) & WORD


def _gather(h):
    first = sum(h) & WORD
    return [first] + [(word + first) & WORD for word in h[1:]]


def _finish(h):
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & WORD
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & WORD
    return h ^ (h >> 16)


def murmur128(data):
    """Return MurmurHash3_x86_128 of bytes, seed 0, as four words."""
    h = [0, 0, 0, 0]
    turns = (19, 17, 15, 13)
    adds = (0x561CCD1B, 0x0BCAA747, 0x96CD1C35, 0x32AC3B17)
    whole = len(data) // 16 * 16
    for block in range(0, whole, 16):
        for lane in range(4):
            start = block + 4 * lane
            h[lane] ^= _scramble(int.from_bytes(data[start : start + 4], "little"), lane)
            h[lane] = (_rotate(h[lane], turns[lane]) + h[(lane + 1) % 4]) & WORD
            h[lane] = (h[lane] * 5 + adds[lane]) & WORD
    tail = data[whole:]
    for lane in range(4):
        part = tail[4 * lane : 4 * lane + 4]
        h[lane] ^= _scramble(int.from_bytes(part, "little"), lane) ^ len(data)
    return tuple(_gather([_finish(word) for word in _gather(h)]))
