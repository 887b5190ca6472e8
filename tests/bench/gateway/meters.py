"""What the kernel knows of a process: CPU time, memory, system calls; and of the machine."""
import os
import subprocess


def cpu_seconds(pid):
    """CPU time of all threads that live, and how long they have waited for a core."""
    ran = waited = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as file:
            fields = file.read().split()
        ran += int(fields[0])
        waited += int(fields[1])
    return ran / 1e9, waited / 1e9


def resident_kib(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise RuntimeError(f"process {pid} has no VmRSS")


class SystemCalls:
    """Counts the system calls of a process, where perf may."""

    def __init__(self, pid):
        command = ["perf", "stat", "-x", ",", "-e", "raw_syscalls:sys_enter", "-p", str(pid)]
        try:
            self._perf = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        except FileNotFoundError:
            self._perf = None

    def stop(self):
        """How many there were; None: nobody knows."""
        if self._perf is None:
            return None
        self._perf.send_signal(2)
        for line in self._perf.communicate()[1].splitlines():
            count = line.split(",")[0]
            if "sys_enter" in line and count.isdigit():
                return int(count)
        return None


class Machine:
    """How busy the machine was with other things since this was made."""

    def __init__(self):
        self._load = os.getloadavg()[0]
        self._before = self._jiffies()

    @staticmethod
    def _jiffies():
        with open("/proc/stat") as file:
            return [int(field) for field in file.readline().split()[1:9]]

    def report(self, gateway_wait_share):
        passed = [now - before for now, before in zip(self._jiffies(), self._before)]
        steal = passed[7] / max(1, sum(passed))
        line = (f"Load average at the start {self._load:.1f}, steal {steal:.1%}; the gateways waited for their core "
                f"{gateway_wait_share:.1%} of the time that they ran.")
        if self._load > 0.5 or steal > 0.01 or gateway_wait_share > 0.05:
            line += " **The machine was busy with other things**: trust ratios, not times."
        return line
