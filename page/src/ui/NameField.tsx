import { useLayoutEffect, useRef } from "preact/hooks";

/** Of the name of a collection, as the server takes it. */
const LONGEST = 60;

interface Props {
  label: string;
  value?: string;
}

/** Takes the focus as it appears, so that typing a name does not correct sounds. */
export function NameField({ label, value }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current!.focus();
    field.current!.select();
  }, []);
  return (
    <input
      ref={field}
      name="name"
      maxLength={LONGEST}
      aria-label={label}
      placeholder="Name"
      defaultValue={value?.slice(0, LONGEST)}
    />
  );
}
