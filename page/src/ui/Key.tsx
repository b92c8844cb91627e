/** A key as it is printed on the keyboard. */
export function Key({ name }: { name: string }) {
  return <kbd>{name.length === 1 ? name.toUpperCase() : name}</kbd>;
}
