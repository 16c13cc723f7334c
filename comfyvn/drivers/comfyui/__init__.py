"""ComfyUI: workflows with named inputs, a client of its servers, and the driver of render jobs."""
