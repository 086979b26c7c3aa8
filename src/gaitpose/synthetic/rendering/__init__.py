"""Pictures of surfaces: colour, depth and parts, drawn off screen; and what a camera adds."""

from gaitpose.synthetic.rendering.lighting import Lamp, Lighting
from gaitpose.synthetic.rendering.renderer import Rendered, Renderer
from gaitpose.synthetic.rendering.sensor import SensorSettings, apply_sensor

__all__ = ["Lamp", "Lighting", "Rendered", "Renderer", "SensorSettings", "apply_sensor"]
