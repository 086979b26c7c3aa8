// Between sRGB and linear light; the shoulder keeps highlights from clipping hard.
vec3 to_linear(vec3 c) {
    return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878);
}

vec3 to_srgb(vec3 c) {
    vec3 over = max(c - 0.6, 0.0);
    c = min(c, 0.6) + 0.4 * (1.0 - exp(-2.5 * over));
    return max(1.055 * pow(max(c, 0.0), vec3(1.0 / 2.4)) - 0.055, 12.92 * min(c, 0.0031308));
}
