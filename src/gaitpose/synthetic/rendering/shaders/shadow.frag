// Depth alone, seen from the sun.
void main() {
#ifdef CUTOUT
    if (opacity() < 0.5) discard;
#endif
}
