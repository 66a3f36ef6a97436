"""What a process needs: settings, logs, metrics, traces, tables, mail."""
