// Vertices of a surface, seen from the camera or from the sun.
in vec3 position;
in vec3 normal;
in vec2 uv;
uniform vec3 eye;    // everything is relative to the camera: floats stay exact far from the origin
uniform mat4 clip;
out vec3 relative;
out vec3 smooth_normal;
out vec2 texel;
centroid out vec3 covered;  // clip coordinates, of a place that the triangle covers

void main() {
    relative = position - eye;
    smooth_normal = normal;
    texel = vec2(uv.x, 1.0 - uv.y);  // the first row of a texture is its top
    gl_Position = clip * vec4(relative, 1.0);
    covered = gl_Position.xyw;
}
