/** A path as a message refers to it. */
export function reference(path) {
  return /^[^\s"@,;!?()[\]{}<>]+$/.test(path) ? `@${path}` : `@"${path}"`;
}
