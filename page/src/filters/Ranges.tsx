import { hertz, percent, seconds } from "../sounds/words";
import { filter, filters } from "../state/view";
import { Range } from "../ui/Range";

export function Ranges() {
  const { confidence, duration, brightness } = filters.value;
  return (
    <>
      <Range
        label="Confidence"
        ends={[0, 1]}
        value={confidence}
        words={percent}
        onChange={(span) => filter({ confidence: span })}
      />
      <Range
        label="Length"
        ends={[0.02, 30]}
        logarithmic
        value={duration}
        words={seconds}
        onChange={(span) => filter({ duration: span })}
      />
      <Range
        label="Brightness"
        ends={[50, 20_000]}
        logarithmic
        value={brightness}
        words={hertz}
        onChange={(span) => filter({ brightness: span })}
      />
    </>
  );
}
