"""Run `python -m comfyvn`."""

from comfyvn.cli.main import main

raise SystemExit(main())
