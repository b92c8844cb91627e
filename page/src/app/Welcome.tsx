import { ScanPanel } from "../panels/ScanPanel";

/** Before there is any sound. */
export function Welcome() {
  return (
    <main class="welcome">
      <div>
        <span class="mark large" aria-hidden="true" />
        <h1>Hear what you have.</h1>
        <p>
          Choose the folder where your drum samples are. drumsort listens to every one, says what it
          is, and lays them out on a map: what sounds alike lies together. Your files stay as and
          where they are, and nothing leaves this computer.
        </p>
        <ScanPanel />
      </div>
    </main>
  );
}
