// @ts-check
/** Seeded streams: xoshiro128** (Blackman and Vigna, 2018) started by MurmurHash3_x86_128. */

/** @param {number} x @param {number} n */
const rotl = (x, n) => (x << n) | (x >>> (32 - n));

/** @param {number} h */
function mix(h) {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const C = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
const K_ROTATION = [15, 16, 17, 18];
const H_ROTATION = [19, 17, 15, 13];
const H_ADD = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17];

/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain): four unsigned words.
 * @param {Uint8Array} bytes
 * @param {number} [seed]
 */
export function murmur128(bytes, seed = 0) {
  const h = [seed, seed, seed, seed];
  const scramble = (/** @type {number} */ k, /** @type {number} */ i) =>
    Math.imul(rotl(Math.imul(k, C[i]), K_ROTATION[i]), C[(i + 1) % 4]);
  const whole = bytes.length & ~15;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let block = 0; block < whole; block += 16) {
    for (let i = 0; i < 4; i++) {
      h[i] ^= scramble(view.getInt32(block + 4 * i, true), i);
      h[i] = (rotl(h[i], H_ROTATION[i]) + h[(i + 1) % 4]) | 0;
      h[i] = (Math.imul(h[i], 5) + H_ADD[i]) | 0;
    }
  }
  const tail = [0, 0, 0, 0];
  for (let i = whole; i < bytes.length; i++) {
    tail[(i - whole) >> 2] |= bytes[i] << (8 * (i & 3));
  }
  for (let i = 0; i < 4; i++) h[i] ^= scramble(tail[i], i) ^ bytes.length;
  const gather = () => {
    h[0] = (h[0] + h[1] + h[2] + h[3]) | 0;
    for (let i = 1; i < 4; i++) h[i] = (h[i] + h[0]) | 0;
  };
  gather();
  for (let i = 0; i < 4; i++) h[i] = mix(h[i]);
  gather();
  return h.map((word) => word >>> 0);
}

/**
 * The state that a stream of a game begins with.
 * @param {number} seed an integer from 0 to 2^53
 * @param {string} name
 */
export function stream(seed, name) {
  const words = murmur128(new TextEncoder().encode(`${seed}:${name}`));
  return words.some((word) => word !== 0) ? words : [1, 0, 0, 0];
}

/**
 * The next output of xoshiro128** and the state after it.
 * @param {number[]} state
 * @returns {[number, number[]]}
 */
export function next([a, b, c, d]) {
  const output = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = rotl(d, 11);
  return [output, [a >>> 0, b >>> 0, c >>> 0, d >>> 0]];
}

/**
 * A draw: an integer of 53 bits, and the state after it.
 * @param {number[]} state
 * @returns {[number, number[]]}
 */
export function draw(state) {
  const [high, between] = next(state);
  const [low, after] = next(between);
  return [(high >>> 5) * 67108864 + (low >>> 6), after];
}
