// Judges evidence with @sigstore/verify and @noble/post-quantum: a case a line in, an answer out.
//
// It is not told what is expected of it. The message of a 0x06 signature is laid out here anew, from
// the text of tlog-cosignature, so that a wrong layout of ours is found.
import { Buffer } from "node:buffer";
import { createHash, createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

const require = createRequire(import.meta.url);
const { RFC3161Timestamp, X509Certificate } = require("@sigstore/core");
const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint");
const { verifyMerkleInclusion } = require("@sigstore/verify/dist/tlog/merkle");
const { verifyRFC3161Timestamp } = require("@sigstore/verify/dist/timestamp/tsa");

const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410
const ED25519 = 0x01;
const MLDSA44 = 0x06;

const bytes = (text) => Buffer.from(text, "base64");

function verifierKey(vkey) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.*)$/.exec(vkey);
  const raw = bytes(encoded);
  const hashed = createHash("sha256").update(name + "\n").update(raw).digest().subarray(0, 4);
  if (hashed.toString("hex") !== id) throw new Error("the id is not of the key");
  return { name, id: hashed, kind: raw[0], key: raw.subarray(1) };
}

function log(vkey) {
  const { name, id, kind, key } = verifierKey(vkey);
  if (kind !== ED25519) throw new Error("no key of a log");
  const publicKey = createPublicKey({
    key: Buffer.concat([ED25519_SPKI, key]), format: "der", type: "spki",
  });
  return { logID: id, baseURL: "https://" + name + "/", publicKey };
}

function checkpoint(vkey, envelope) {
  const trusted = log(vkey);
  const found = verifyCheckpoint({ inclusionProof: { checkpoint: { envelope } } }, [trusted]);
  if ("https://" + found.origin + "/" !== trusted.baseURL) throw new Error("another origin");
  return found;
}

function inclusion({ leaf, index, proof }, logSize, logHash) {
  const entry = {
    canonicalizedBody: bytes(leaf),
    inclusionProof: { logIndex: String(index), hashes: proof.map(bytes) },
  };
  verifyMerkleInclusion(entry, { logSize, logHash });
}

function proofFile({ vkey, file, leaf }) {
  const at = file.indexOf("\n\n");
  const [format, ...lines] = file.slice(0, at).split("\n");
  if (format !== "c2sp.org/tlog-proof@v1") throw new Error("no proof file");
  const extra = lines[0].startsWith("extra ") ? lines.shift().slice("extra ".length) : leaf;
  if (leaf && bytes(leaf).compare(bytes(extra))) throw new Error("the extra is not the leaf");
  const index = lines.shift().slice("index ".length);
  const signed = checkpoint(vkey, file.slice(at + 2));
  inclusion({ leaf: extra, index, proof: lines }, signed.logSize, signed.logHash);
}

function cosignature({ vkey, note }) {
  const { name, id, kind, key } = verifierKey(vkey);
  if (kind !== MLDSA44) throw new Error("no key of ML-DSA-44");
  const at = note.lastIndexOf("\n\n");
  const [origin, size, root] = note.slice(0, at).split("\n");
  const values = note.slice(at + 2).split("\n").filter((line) => line.startsWith("— " + name + " "))
    .map((line) => bytes(line.split(" ")[2])).filter((raw) => raw.subarray(0, 4).equals(id));
  if (values.length !== 1) throw new Error("not one signature of that key");
  const time = values[0].subarray(4, 12);
  const signature = values[0].subarray(12);
  const message = Buffer.concat([
    Buffer.from("subtree/v1\n\0"), short(name), time, short(origin), u64(0n), u64(BigInt(size)),
    bytes(root),
  ]);
  if (!ml_dsa44.verify(signature, message, key)) throw new Error("the signature does not hold");
}

function short(text) {
  const raw = Buffer.from(text);
  return Buffer.concat([Buffer.from([raw.length]), raw]);
}

function u64(number) {
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(number);
  return raw;
}

function timestamp({ response, message, certificate, root }) {
  const certChain = [certificate, root].map((pem) => X509Certificate.parse(pem));
  const validFor = { start: new Date(0), end: new Date(8.64e15) };
  const stamp = RFC3161Timestamp.parse(bytes(response));
  verifyRFC3161Timestamp(stamp, bytes(message), [{ certChain, validFor }]);
}

const judges = {
  checkpoint: ({ vkey, note }) => checkpoint(vkey, note),
  inclusion: (given) => inclusion(given, given.size, bytes(given.root)),
  "proof-file": proofFile,
  cosignature,
  timestamp,
};

for await (const line of createInterface({ input: process.stdin })) {
  let why = "";
  try {
    const given = JSON.parse(line);
    judges[given.kind](given);
  } catch (error) {
    why = error.message || String(error);
  }
  console.log(JSON.stringify({ holds: why === "", why }));
}
