"""What a single-user server of a hub does beside tools/lab."""

c = get_config()  # noqa: F821 - given by JupyterLab
# jupyter's default here is a login shell, whose /etc/profile sets PATH anew
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
# JupyterHub forbids any page of the server in a frame, and Formgrader is one in JupyterLab
policy = {"Content-Security-Policy": "frame-ancestors 'self'"}
c.ServerApp.tornado_settings.update({"headers": policy})  # beside those of tools/lab
