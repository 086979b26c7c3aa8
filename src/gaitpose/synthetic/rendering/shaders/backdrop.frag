// The photo behind everything, pixel by pixel.
uniform sampler2D backdrop;
layout(location = 0) out vec4 shade;

void main() {
    shade = vec4(texelFetch(backdrop, ivec2(gl_FragCoord.xy), 0).rgb, 1.0);
}
