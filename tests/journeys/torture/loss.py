"""Real packet loss on chosen TCP ports, by nft in a network namespace of our own."""

import subprocess

SHARE = 20  # of a hundred packets
_TABLE = f"""
table inet torture {{
    set lossy {{ type inet_service; }}
    chain input {{
        type filter hook input priority 0;
        tcp dport @lossy numgen random mod 100 < {SHARE} drop
        tcp sport @lossy numgen random mod 100 < {SHARE} drop
    }}
}}
"""


def prepare() -> None:
    """Make the table; once."""
    subprocess.run(["nft", "-f", "-"], input=_TABLE, text=True, check=True)


def lose(port: int) -> None:
    """Drop packets to and from a port."""
    subprocess.run(["nft", f"add element inet torture lossy {{ {port} }}"], check=True)


def stop_losing(port: int) -> None:
    """Drop none of them any more."""
    subprocess.run(["nft", f"delete element inet torture lossy {{ {port} }}"], check=True)
