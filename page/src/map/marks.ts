/** Points that may have another shape than a circle: deck.gl's layer of circles, cut to shape. */

import { ScatterplotLayer } from "@deck.gl/layers";

/** How far a point of the unit circle is outside of each shape of `sounds/shapes.ts`, by its number. */
const OUTSIDE = `
float outside(vec2 at, int shape) {
  vec2 a = abs(at);
  float beam = min(max(a.x - 0.3, a.y - 0.95), max(a.x - 0.95, a.y - 0.3));
  vec2 t = abs(vec2(at.x + at.y, at.x - at.y)) * 0.70711;
  float slanted = min(max(t.x - 0.3, t.y - 0.95), max(t.x - 0.95, t.y - 0.3));
  if (shape == 1) return max(a.x, a.y) - 0.78;
  if (shape == 2) return max(a.x * 0.866 + at.y * 0.5, -at.y) - 0.5;
  if (shape == 3) return (a.x + a.y - 1.0) * 0.70711;
  if (shape == 4) return beam;
  if (shape == 5) return max(a.x * 0.866 - at.y * 0.5, at.y) - 0.5;
  if (shape == 6) return slanted;
  if (shape == 7) return abs(length(at) - 0.72) - 0.24;
  if (shape == 8) return max(a.x - 0.95, a.y - 0.33);
  if (shape == 9) return max(a.x * 0.866 + a.y * 0.5, a.y) - 0.82;
  if (shape == 10) return max(a.x - 0.33, a.y - 0.95);
  if (shape == 11) return max(length(at) - 1.0, -at.y - 0.1);
  if (shape == 12) return max(length(at) - 1.0, at.y - 0.1);
  return length(at) - 1.0;
}
`;

/** The ring of a selected point stays a circle. */
const CUT = `
  if (vShape > 0.5) {
    float far = length(unitPosition);
    float soft = 1.0 / outerRadiusPixels;
    float inside = 1.0 - smoothstep(-soft, soft, outside(unitPosition / innerUnitRadius, int(vShape + 0.5)));
    fragColor.a *= max(inside, innerUnitRadius < 0.999 ? step(innerUnitRadius, far) : 0.0);
    if (fragColor.a < 0.004) discard;
  }
`;

export class Marks extends ScatterplotLayer<unknown, { getShape?: unknown }> {
  static override layerName = "Marks";

  override initializeState(): void {
    super.initializeState();
    this.getAttributeManager()!.addInstanced({
      instanceShapes: { size: 1, accessor: "getShape", defaultValue: 0 },
    });
  }

  override getShaders() {
    const shaders = super.getShaders();
    return {
      ...shaders,
      inject: {
        ...shaders.inject,
        "vs:#decl": "in float instanceShapes;\nout float vShape;\n",
        "vs:#main-end": "vShape = instanceShapes;\n",
        "fs:#decl": `in float vShape;\n${OUTSIDE}`,
        "fs:#main-end": CUT,
      },
    };
  }
}
