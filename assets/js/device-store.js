// What is kept on the device while the server can't be reached, and nothing longer.
//
// A phone may be lost or borrowed, so the words are encrypted with a key that the browser holds
// and never hands out, and anything older than three days is wiped, whoever it belongs to.

import { openDB } from 'idb'

const NAME = 'throughline'
const OLDEST = 3 * 24 * 60 * 60 * 1000

let opening

function database () {
  opening ??= openDB(NAME, 1, {
    upgrade (db) {
      db.createObjectStore('keys')
      db.createObjectStore('drafts')
    }
  })
  return opening
}

/** Whether this browser can keep anything safely: encryption needs a secure connection. */
export function canKeep () {
  return Boolean(window.crypto?.subtle && window.indexedDB)
}

async function encryptionKey () {
  const db = await database()
  const kept = await db.get('keys', 'drafts')
  if (kept) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two tabs may make one at the same time: the first to arrive counts.
  const tx = db.transaction('keys', 'readwrite')
  const first = await tx.store.get('drafts')
  if (!first) await tx.store.put(made, 'drafts')
  await tx.done
  return first ?? made
}

/** The identity of a draft: nobody else's, and for one form about one subject. */
function identity (owner, key) {
  return `${owner}|${key}`
}

/** Keep a draft: `{ owner, key, url, typedAt, body }`. Only the body is secret. */
export async function keep ({ owner, key, url, typedAt, body }) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const words = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(identity(owner, key)) },
    await encryptionKey(),
    new TextEncoder().encode(body)
  )
  const db = await database()
  await db.put('drafts', { owner, key, url, typedAt, iv, words }, identity(owner, key))
}

/** All drafts of one owner, decrypted. One that can't be read is wiped. */
export async function kept (owner) {
  const db = await database()
  const found = []
  for (const record of await db.getAll('drafts')) {
    if (record.owner !== owner) continue
    try {
      const words = await crypto.subtle.decrypt(
        {
          name: 'AES-GCM',
          iv: record.iv,
          additionalData: new TextEncoder().encode(identity(record.owner, record.key))
        },
        await encryptionKey(),
        record.words
      )
      found.push({ ...record, body: new TextDecoder().decode(words) })
    } catch {
      await wipe(record.owner, record.key)
    }
  }
  return found
}

/** Wipe a draft, unless something newer than `typedAt` was kept meanwhile. */
export async function wipe (owner, key, typedAt = Infinity) {
  const db = await database()
  const tx = db.transaction('drafts', 'readwrite')
  const record = await tx.store.get(identity(owner, key))
  if (record && record.typedAt <= typedAt) await tx.store.delete(identity(owner, key))
  await tx.done
}

/** Wipe what is too old, whoever it belongs to. */
export async function wipeOld () {
  const db = await database()
  const tx = db.transaction('drafts', 'readwrite')
  for (let cursor = await tx.store.openCursor(); cursor; cursor = await cursor.continue()) {
    if (cursor.value.typedAt < Date.now() - OLDEST) await cursor.delete()
  }
  await tx.done
}
