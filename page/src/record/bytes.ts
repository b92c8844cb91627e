/** Bytes as text that JSON can carry. */
export function base64(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () =>
      reject(new Error("The file cannot be read: see that it is still there."));
    reader.readAsDataURL(bytes);
  });
}

const MOST_MIB = 16;

/** Why a file is not sent, or empty. */
export const tooLarge = ({ name, size }: File) =>
  size > MOST_MIB * 2 ** 20 ? `${name} is larger than ${MOST_MIB} MiB: choose one sound.` : "";
