/** Files in messages: how they are written, and which part of them is meant. */

/** A path as a message refers to it. */
export function reference(path) {
  return /^[^\s"@,;!?()[\]{}<>]+$/.test(path) ? `@${path}` : `@"${path}"`;
}

/** Which part of a file is meant, in words. */
export function linesOf({ kind, first_line: first, last_line: last }) {
  if (first) return last > first ? `lines ${first} to ${last}` : `line ${first}`;
  return { directory: "folder", table: "table" }[kind] ?? "";
}
