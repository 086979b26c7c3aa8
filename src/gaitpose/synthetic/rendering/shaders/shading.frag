// The colour of a surface: Lambert and GGX under a sun, a sky over a ground, and lamps.
uniform sampler2D visibility;
uniform sampler2D backdrop;
uniform vec3 colour;         // linear
uniform float roughness;
uniform float metallic;
uniform vec3 sun_direction;
uniform vec3 zenith;         // where the sky is brightest
uniform vec3 sun_light;
uniform vec3 sky_light;
uniform vec3 ground_light;
#if LAMPS > 0
uniform vec4 lamp_places[LAMPS];  // relative to the camera; the fourth number is the radius
uniform vec3 lamp_lights[LAMPS];
#endif
centroid in vec3 covered;
layout(location = 0) out vec4 shade;

// Visibility belongs to what is seen at the middle of a pixel; a surface that only reaches into the
// pixel takes it from the neighbour on that side.
vec2 visible_here() {
    ivec2 size = textureSize(visibility, 0);
    vec2 side = (covered.xy / covered.z * 0.5 + 0.5) * vec2(size) - gl_FragCoord.xy;
    ivec2 cell = clamp(ivec2(gl_FragCoord.xy + 3.0 * side), ivec2(0), size - 1);
    return texelFetch(visibility, cell, 0).rg;
}

vec3 highlight(vec3 n, vec3 v, vec3 l, vec3 f0, float alpha) {
    vec3 h = normalize(v + l);
    float nl = max(dot(n, l), 0.0), nv = max(dot(n, v), 1e-3), nh = max(dot(n, h), 0.0);
    float a2 = alpha * alpha;
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float k = 0.5 * alpha;
    float shadowing = (nl * (1.0 - k) + k) * (nv * (1.0 - k) + k);
    vec3 fresnel = f0 + (1.0 - f0) * pow(1.0 - max(dot(v, h), 0.0), 5.0);
    return fresnel * (0.25 * a2 / (d * d * shadowing)) * nl;  // intensities carry the 1/pi
}

// What a smooth surface mirrors of its surroundings (Karis 2014, for mobile GPUs).
vec3 mirrored(vec3 f0, float nv) {
    vec4 r = roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a = min(r.x * r.x, exp2(-9.28 * nv)) * r.x + r.y;
    vec2 scale = vec2(-1.04, 1.04) * a + r.zw;
    return f0 * scale.x + scale.y;
}

vec3 surroundings(vec3 direction, float blur) {
    return mix(ground_light, sky_light, smoothstep(-blur, blur, direction.y));
}

void main() {
    vec2 visible = visible_here();
    vec3 n = surface_normal();
    float facing = max(dot(n, sun_direction), 0.0);
    vec3 ambient = mix(ground_light, sky_light, 0.5 + 0.5 * dot(n, zenith));
#ifdef CATCHER
    vec3 full = sun_light * facing + ambient;
    vec3 reached = sun_light * facing * visible.r + ambient * visible.g;
    vec3 photo = texelFetch(backdrop, ivec2(gl_FragCoord.xy), 0).rgb;
    shade = vec4(photo * pow(reached / max(full, 1e-4), vec3(1.0 / 2.2)), 1.0);
#else
    vec3 base = colour;
    float alpha_out = 1.0;
#ifdef TEXTURED
    base *= to_linear(texture(picture, texel, -0.5).rgb);  // a level finer: floors are seen at a slant
#endif
#ifdef CUTOUT
    float solid = opacity();
    alpha_out = clamp((solid - 0.5) / max(fwidth(solid), 1e-3) + 0.5, 0.0, 1.0);
    if (alpha_out <= 0.0) discard;
#endif
    vec3 v = normalize(-relative);
    vec3 f0 = mix(vec3(0.04), base, metallic);
    float alpha = max(roughness * roughness, 0.02);
    vec3 matt = ambient * visible.g + sun_light * (facing * visible.r);
    vec3 gloss = sun_light * visible.r * highlight(n, v, sun_direction, f0, alpha);
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 away = lamp_places[i].xyz - relative;
        float squared = dot(away, away);
        vec3 l = away * inversesqrt(squared);
        float radius = lamp_places[i].w;
        vec3 light = lamp_lights[i] / (squared + radius * radius) * visible.g;
        matt += light * max(dot(n, l), 0.0);
        gloss += light * highlight(n, v, l, f0, min(alpha + 0.3 * radius, 1.0));
    }
#endif
    float nv = max(dot(n, v), 0.0);
    gloss += surroundings(reflect(-v, n), 0.3 + roughness) * mirrored(f0, nv) * visible.g;
    shade = vec4(developed(base * (1.0 - metallic) * matt + gloss), alpha_out);
#endif
}
