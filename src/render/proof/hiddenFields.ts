import type { TemplateNode } from '../template/templateNode.ts';

/** A value that a message shows, and that its hashed texts may leave out. */
export interface HiddenField {
  readonly name: string;
  /** For a list: what each item hides. */
  readonly items: readonly HiddenField[] | undefined;
}

type Nodes = readonly TemplateNode[];

/**
 * The values that the templates `hidden` use, and that the templates `shown` do not print in every case in
 * which those do. Each name occurs once, in the order of UTF-16 code units. The link to the bill is left out:
 * it is signed for one message, so it is never the same again.
 */
export function hiddenFieldsOf(hidden: readonly Nodes[], shown: readonly Nodes[]): HiddenField[] {
  const covering = joined(shown.flatMap((nodes) => placesIn(nodes)));
  return uncovered(
    hidden.flatMap((nodes) => placesIn(nodes)),
    covering,
  ).filter(({ name }) => name !== linkName);
}

const linkName = 'viewUrl';

/** Where a template uses a value. */
interface Place {
  readonly kind: 'value' | 'if' | 'each';
  readonly name: string;
  /** The conditions under which it does so: `name` or `!name`. */
  readonly when: readonly string[];
  /** For an `#each`: the places in its body. */
  readonly inner: readonly Place[];
}

function placesIn(nodes: Nodes, when: readonly string[] = []): Place[] {
  return nodes.flatMap((node): Place[] => {
    if (node.kind === 'text') return [];
    const { kind, name } = node;
    if (kind === 'value') return [{ kind, name, when, inner: [] }];
    const otherwise = placesIn(node.otherwise, [...when, `!${name}`]);
    // `#each` under an `#if` of the same list counts as unconditional: for an empty list it prints nothing
    // anyway.
    const walkedWhen = when.filter((condition) => condition !== name);
    return kind === 'each'
      ? [{ kind, name, when: walkedWhen, inner: joined(placesIn(node.body)) }, ...otherwise]
      : [{ kind, name, when, inner: [] }, ...placesIn(node.body, [...when, name]), ...otherwise];
  });
}

/** Adds the places that occur in both branches of a condition: they are used whatever it decides. */
function joined(places: readonly Place[]): Place[] {
  const both = places.flatMap((place) =>
    place.when.flatMap((condition) => {
      const without = place.when.filter((one) => one !== condition);
      const opposite = { ...place, when: [...without, `!${condition}`] };
      return places.some((one) => isSame(one, opposite)) ? [{ ...place, when: without }] : [];
    }),
  );
  return [...places, ...both];
}

function isSame(one: Place, other: Place): boolean {
  return one.kind === other.kind && one.name === other.name && one.when.join() === other.when.join();
}

function uncovered(places: readonly Place[], covering: readonly Place[]): HiddenField[] {
  const found = new Map<string, Place[]>();
  for (const place of places) {
    if (isCovered(place, covering)) continue;
    found.set(place.name, [...(found.get(place.name) ?? []), place]);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, open]) => ({ name, items: itemsOf(open, covering) }));
}

/** A condition shows in what is printed under it, and a list in its items. */
function isCovered(place: Place, covering: readonly Place[]): boolean {
  const fits = covering.filter((one) => one.name === place.name && isAtLeastWhen(one, place));
  if (place.kind === 'if') return fits.length > 0;
  if (place.kind === 'value') return fits.some(({ kind }) => kind === 'value');
  return fits.some(({ kind, inner }) => kind === 'each' && uncovered(place.inner, inner).length === 0);
}

function itemsOf(open: readonly Place[], covering: readonly Place[]): readonly HiddenField[] | undefined {
  const walks = open.filter(({ kind }) => kind === 'each');
  const [first] = walks;
  if (first === undefined) return undefined;
  const shown = covering.find(
    (one) =>
      one.kind === 'each' && one.name === first.name && walks.every((walk) => isAtLeastWhen(one, walk)),
  );
  return uncovered(
    walks.flatMap(({ inner }) => inner),
    shown?.inner ?? [],
  );
}

function isAtLeastWhen(one: Place, other: Place): boolean {
  return one.when.every((condition) => other.when.includes(condition));
}
