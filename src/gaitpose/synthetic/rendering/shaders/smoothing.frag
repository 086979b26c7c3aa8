// Averages visibility over four pixels along one axis, not across edges of depth.
uniform sampler2D depth_map;
uniform sampler2D visibility;
uniform ivec2 stride;
layout(location = 0) out vec4 visible;

void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    ivec2 last = textureSize(depth_map, 0) - 1;
    float depth = texelFetch(depth_map, cell, 0).r;
    vec2 total = vec2(0.0);
    float weight = 0.0;
    for (int i = -2; i < 2; i++) {
        ivec2 place = clamp(cell + i * stride, ivec2(0), last);
        float same = abs(texelFetch(depth_map, place, 0).r - depth) < 0.02 * depth ? 1.0 : 1e-4;
        total += same * texelFetch(visibility, place, 0).rg;
        weight += same;
    }
    visible = vec4(total / weight, 0.0, 0.0);
}
