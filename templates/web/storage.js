// @ts-check
/** What is kept in this browser; in memory alone where it is forbidden. */

/** What could not be kept. @type {Map<string, any>} */
const memory = new Map();
/** @type {IDBDatabase | null} */
let database = null;
/** @type {(() => void) | undefined} */
let warn;

/**
 * Open the game's store.
 * @param {string} game
 * @param {() => void} forgetful called once when something will be gone when the page closes
 */
export async function openStorage(game, forgetful) {
  warn = forgetful;
  try {
    database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(`comfyvn-${game}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("kept");
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => reject(request.error);
      setTimeout(() => reject(new Error("no answer")), 3000);
    });
  } catch {
    database = null;
  }
  if (!database) warnOnce();
}

function warnOnce() {
  warn?.();
  warn = undefined;
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>}
 */
const transact = (mode, ask) =>
  new Promise((resolve, reject) => {
    const transaction = /** @type {IDBDatabase} */ (database).transaction("kept", mode);
    const request = ask(transaction.objectStore("kept"));
    // A full disk may be noticed only at the end.
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });

/** @param {string} key @returns {Promise<any>} undefined if there is nothing */
export async function get(key) {
  return database && !memory.has(key) ? transact("readonly", (store) => store.get(key)) : memory.get(key);
}

/**
 * Keep a value; resolves to whether it outlives the page. A full disk loses nothing that was there.
 * @param {string} key
 * @param {any} value
 */
export async function set(key, value) {
  memory.set(key, value);
  if (!database) return false;
  try {
    await transact("readwrite", (store) => store.put(value, key));
  } catch {
    warnOnce();
    return false;
  }
  if (memory.get(key) === value) memory.delete(key);
  return true;
}

/** @param {string} key */
export async function remove(key) {
  memory.delete(key);
  if (database) await transact("readwrite", (store) => store.delete(key));
}

/** All that is kept below a prefix. @param {string} prefix @returns {Promise<[string, any][]>} */
export async function list(prefix) {
  const unkept = [...memory].filter(([key]) => key.startsWith(prefix));
  if (!database) return unkept;
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const [keys, values] = await Promise.all([
    transact("readonly", (store) => store.getAllKeys(range)),
    transact("readonly", (store) => store.getAll(range)),
  ]);
  return [...new Map([...keys.map((/** @type {string} */ key, /** @type {number} */ i) => [key, values[i]]), ...unkept])];
}
