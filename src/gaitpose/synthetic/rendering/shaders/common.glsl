// Shared by the fragment shaders of surfaces.
in vec3 relative;
in vec3 smooth_normal;
in vec2 texel;
uniform bool flat_faces;
uniform sampler2D picture;

vec3 surface_normal() {
    if (flat_faces) {
        vec3 n = normalize(cross(dFdx(relative), dFdy(relative)));
        return dot(n, relative) > 0.0 ? -n : n;
    }
    vec3 n = normalize(smooth_normal);
    return gl_FrontFacing ? n : -n;
}

#ifdef CUTOUT
// Opacity loses contrast in the small mip levels: thin strands would vanish with distance.
float opacity() {
    float level = max(textureQueryLod(picture, texel).y, 0.0);
    return texture(picture, texel).a * (1.0 + 0.25 * level);
}
#endif
