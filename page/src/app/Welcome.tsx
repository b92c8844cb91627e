import { ScanPanel } from "../panels/ScanPanel";

/** Shown while there are no sounds. */
export function Welcome() {
  return (
    <main class="welcome">
      <div>
        <span class="mark large" aria-hidden="true" />
        <h1>Hear what you have.</h1>
        <p>
          Choose the folder where your drum samples are. drumsort listens to every one, says what it
          is, and puts them on a map where similar sounds are close together. Your files stay as
          they are, where they are, and nothing leaves this computer.
        </p>
        <ScanPanel />
      </div>
    </main>
  );
}
