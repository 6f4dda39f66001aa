import os
import signal

import pytest

from vvipe.training.interrupt import DeferredInterrupt

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@SIGNALS
def test_the_first_signal_waits_and_the_second_does_not(number):
    with DeferredInterrupt() as interrupt:
        assert not interrupt.asked
        os.kill(os.getpid(), number)
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)


@SIGNALS
def test_the_former_handler_comes_back(number):
    before = signal.getsignal(number)
    with DeferredInterrupt():
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before
