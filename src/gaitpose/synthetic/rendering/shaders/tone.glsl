// Between sRGB and linear light (polynomial and roots: a power costs much in software).
vec3 to_linear(vec3 c) {
    return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878);
}

vec3 to_srgb(vec3 c) {
    vec3 root2 = sqrt(max(c, 0.0)), root4 = sqrt(root2), root8 = sqrt(root4);
    vec3 bright = 0.585122381 * root2 + 0.783140355 * root4 - 0.368262736 * root8;
    return max(bright, 12.92 * min(c, 0.0031308));
}

// A camera's curve: a short toe, a straight middle, a soft shoulder.
vec3 developed(vec3 c) {
    c = c * c / (c + 0.02);
    vec3 over = max(c - 0.6, 0.0);
    return to_srgb(min(c, 0.6) + 0.4 * over / (over + 0.4));
}
