// What the labels need, one sample a pixel: depth, part and normal.
uniform float part;
layout(location = 0) out float depth;
layout(location = 1) out vec4 normal_part;

void main() {
#ifdef CUTOUT
    if (opacity() < 0.5) discard;
#endif
    depth = 1.0 / gl_FragCoord.w;  // w is the distance along the optical axis
    normal_part = vec4(surface_normal() * 0.5 + 0.5, part / 255.0);
}
