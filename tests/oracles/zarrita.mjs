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

// Chunks whose axes are transposed come in that order: here the last axis is fastest.
function inOrder({ data, shape, stride }) {
  const usual = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  if (usual.every((step, i) => step === stride[i] || shape[i] === 1)) return data;
  const found = new data.constructor(data.length);
  for (let at = 0; at < found.length; at += 1) {
    const place = usual.map((step, i) => Math.floor(at / step) % shape[i]);
    found[at] = data[place.reduce((sum, n, i) => sum + n * stride[i], 0)];
  }
  return found;
}

async function levelOf(group, path) {
  const array = await zarr.open(group.resolve(path), { kind: "array" });
  const level = await zarr.get(array);
  const { shape } = level;
  const data = inOrder(level);
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
