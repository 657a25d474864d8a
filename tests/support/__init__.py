"""Code that several tests share: stand-ins for the kernel's modules, installation, a loopback server."""
