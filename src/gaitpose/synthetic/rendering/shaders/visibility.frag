// How much of the sun and of the surrounding light reaches each pixel (red, green).
//
// Sun: percentage-closer soft shadows (Fernando 2005), wider with the distance of what throws them,
// with receiver-plane bias. Surroundings: scalable ambient obscurance (McGuire 2012). Loops have a
// count of their own in each pixel: Mesa's software renderer leaves out a loop, never an `if`.
uniform sampler2D depth_map;
uniform sampler2D normal_map;
uniform sampler2D shadow_map;
uniform mat3 camera;         // columns: right, down and view
uniform vec4 lens;           // fx, fy, cx, cy, pixels
uniform vec3 sun_direction;  // towards the sun
uniform mat3 light_axes;     // columns: across, along and away from the sun
uniform vec3 light_origin;   // of the shadow map, relative to the camera
uniform vec3 light_size;     // width, height and reach of the shadow map, metres
uniform float sun_spread;    // half-width of the penumbra, metres per metre
uniform float widest;        // and its limit, metres
uniform float obscurance_radius;
layout(location = 0) out vec4 visible;

const mat2 GOLDEN = mat2(-0.73736888, 0.67549029, -0.67549029, -0.73736888);

vec3 at(vec2 pixel, float depth) {
    return camera * vec3((pixel - lens.zw) / lens.xy * depth, depth);
}

float sun(vec3 point, vec3 normal, vec2 turn) {
    float grain = max(light_size.x, light_size.y) / float(textureSize(shadow_map, 0).x);
    vec3 p = transpose(light_axes) * (point + normal * grain - light_origin);
    vec3 n = transpose(light_axes) * normal;
    vec2 place = p.xy / light_size.xy;
    vec2 margin = abs(place - 0.5);
    float inside = max(margin.x, margin.y);
    bool facing = n.z < 0.0;
    vec2 slope = clamp(-n.xy / min(n.z, -0.05), -3.0, 3.0);
    float level = p.z - grain - 0.002;
    float search = clamp(sun_spread * p.z, 1.5 * grain, widest);
    float blockers = 0.0, blocked = 0.0;
    vec2 arm = turn * search;
    int count = facing && inside < 0.5 ? SEARCHES : 0;
    for (int i = 0; i < count; i++) {
        vec2 offset = arm * sqrt((float(i) + 0.5) / float(SEARCHES));
        float d = textureLod(shadow_map, place + offset / light_size.xy, 0.0).r * light_size.z;
        float hit = step(d, level + dot(slope, offset));
        blockers += hit * d;
        blocked += hit;
        arm = GOLDEN * arm;
    }
    float gap = level - blockers / max(blocked, 1.0);
    float width = clamp(gap * sun_spread, 1.5 * grain, search);
    float lit = 0.0;
    arm = turn * width;
    count = blocked > 0.0 ? TAPS : 0;
    for (int i = 0; i < count; i++) {
        vec2 offset = arm * sqrt((float(i) + 0.5) / float(TAPS));
        float d = textureLod(shadow_map, place + offset / light_size.xy, 0.0).r * light_size.z;
        lit += step(level + dot(slope, offset), d);
        arm = GOLDEN * arm;
    }
    float reached = blocked > 0.0 ? lit / float(TAPS) : 1.0;
    return facing ? mix(reached, 1.0, smoothstep(0.49, 0.5, inside)) : 0.0;
}

float surroundings(vec2 pixel, vec3 point, vec3 normal, float depth, vec2 turn) {
    float hidden = 0.0;
    ivec2 last = textureSize(depth_map, 0) - 1;
    vec2 arm = turn * clamp(obscurance_radius * lens.x / depth, 3.0, 80.0);
    int count = depth > 0.0 ? NEIGHBOURS : 0;
    for (int i = 0; i < count; i++) {
        vec2 where = pixel + arm * ((float(i) + 0.5) / float(NEIGHBOURS));  // densest near by
        ivec2 cell = clamp(ivec2(where + 0.5), ivec2(0), last);
        float d = texelFetch(depth_map, cell, 0).r;
        vec3 v = at(vec2(cell), d) - point;
        float squared = dot(v, v);
        float near = max(1.0 - squared / (obscurance_radius * obscurance_radius), 0.0);
        float rise = dot(v, normal) - 0.004 - 0.001 * depth;
        hidden += near * max(rise, 0.0) * inversesqrt(squared + 1e-5);
        arm = GOLDEN * arm;
    }
    return max(1.0 - 1.9 * hidden / float(NEIGHBOURS), 0.0);
}

void main() {
    ivec2 cell = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depth_map, cell, 0).r;
    vec3 normal = normalize(texelFetch(normal_map, cell, 0).xyz * 2.0 - 1.0);
    // The turn repeats every four pixels, and the smoothing pass averages over as many.
    float angle = float(((cell.x & 3) * 4 + (cell.y & 3) * 7) & 15) * 0.392699082;
    vec2 turn = vec2(cos(angle), sin(angle));
    vec3 point = at(vec2(cell), depth);
    visible = vec4(sun(point, normal, turn),
                   surroundings(vec2(cell), point, normal, depth, turn), 0.0, 1.0);
}
