/** Lists that nobody changes in place. */

/** Replace the item that `matches`, or add one; the list stays a new list. */
export function upsert(list, matches, change, fresh) {
  const index = list.findIndex(matches);
  if (index === -1) return [...list, { ...fresh, ...change }];
  return list.map((item, at) => (at === index ? { ...item, ...change } : item));
}
