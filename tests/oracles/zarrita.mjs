// Reads images with zarrita.js and prints what it finds as JSON.
//
//   node zarrita.mjs IMAGE…
//
// An image is a folder, or a .ozx file. Of each: the attributes of its group, and shape
// and digest of each of its levels, as answers.py makes them; or the error.

import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import FileSystemStore from "@zarrita/storage/fs";
import ZipFileStore from "@zarrita/storage/zip";
import * as zarr from "zarrita";

// Node before 24 has no numbers of 16 bits. Their bytes are all that is looked at.
globalThis.Float16Array ??= Uint16Array;

async function storeOf(path) {
  return path.endsWith(".ozx")
    ? ZipFileStore.fromBlob(await openAsBlob(path))
    : new FileSystemStore(path);
}

async function levelOf(group, path) {
  const array = await zarr.open(group.resolve(path), { kind: "array" });
  const { data, shape } = await zarr.get(array);
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash("sha256").update(array.dtype).update(bytes);
  return { shape, digest: hash.digest("hex").slice(0, 16) };
}

async function imageOf(path) {
  const group = await zarr.open(await storeOf(path), { kind: "group" });
  const attributes = group.attrs.ome ?? group.attrs;
  const levels = [];
  for (const dataset of attributes.multiscales[0].datasets) {
    levels.push(await levelOf(group, dataset.path));
  }
  return { attributes, levels };
}

const found = {};
for (const path of process.argv.slice(2)) {
  found[path] = await imageOf(path).catch((error) => ({ error: String(error) }));
}
console.log(JSON.stringify(found));
