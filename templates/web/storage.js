// @ts-check
/** What is kept in this browser; in memory alone where it is forbidden. */

/** @type {Map<string, any>} */
const memory = new Map();
/** @type {IDBDatabase | null} */
let database = null;

/** Open the game's store; resolves to whether anything is kept when the page closes. @param {string} game */
export async function openStorage(game) {
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
  return database !== null;
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>}
 */
const transact = (mode, ask) =>
  new Promise((resolve, reject) => {
    const request = ask(/** @type {IDBDatabase} */ (database).transaction("kept", mode).objectStore("kept"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {string} key @returns {Promise<any>} undefined if there is nothing */
export async function get(key) {
  return database ? transact("readonly", (store) => store.get(key)) : memory.get(key);
}

/** Keep a value. A full disk loses nothing that was there. @param {string} key @param {any} value */
export async function set(key, value) {
  memory.set(key, value);
  if (database) await transact("readwrite", (store) => store.put(value, key));
}

/** @param {string} key */
export async function remove(key) {
  memory.delete(key);
  if (database) await transact("readwrite", (store) => store.delete(key));
}

/** All that is kept below a prefix. @param {string} prefix @returns {Promise<[string, any][]>} */
export async function list(prefix) {
  if (!database) return [...memory].filter(([key]) => key.startsWith(prefix));
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const [keys, values] = await Promise.all([
    transact("readonly", (store) => store.getAllKeys(range)),
    transact("readonly", (store) => store.getAll(range)),
  ]);
  return keys.map((/** @type {string} */ key, /** @type {number} */ i) => [key, values[i]]);
}
