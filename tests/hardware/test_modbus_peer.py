"""Our Modbus beside one that others wrote: a real pymodbus unit on a pseudo-terminal answers our polls."""

import asyncio
import os
import tty

import pytest
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadHoldingRegistersResponse,
    WriteMultipleRegistersRequest,
)
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from hardware.driver import Call, CallState, Output, Send
from hardware.modbus import POLL_SECONDS, Modbus, Registers
from tests.hardware.drivers import REQUEST, outputs

FRAMER = FramerRTU(DecodePDU(False))
CALLED = Call(3, "A012", CallState.CALLED)


def test_our_question_is_the_one_that_others_ask() -> None:
    asked = ReadHoldingRegistersRequest(dev_id=1, address=0x10, count=4)
    assert FRAMER.buildFrame(asked) == REQUEST


@pytest.mark.parametrize("around", [0, 5])
def test_what_others_say_to_each_other_is_understood(around: int) -> None:
    registers = [*[9] * around, 3, 12, 1, 0x41, *[9] * around]
    asked = ReadHoldingRegistersRequest(dev_id=1, address=0x10 - around, count=len(registers))
    answered = ReadHoldingRegistersResponse(dev_id=1, registers=registers)
    written = WriteMultipleRegistersRequest(dev_id=1, address=0x10 - around, registers=registers)
    for frames in ([asked, answered], [written]):
        packets = [FRAMER.buildFrame(frame) for frame in frames]
        assert outputs(Modbus(Registers(1, 0x10, poll=False)), packets) == [CALLED]


def test_a_real_unit_answers_our_polls() -> None:
    assert asyncio.run(polled()) == [CALLED]


async def polled() -> list[Output]:
    """Poll a unit of pymodbus until it says something."""
    ours, its = os.openpty()
    tty.setraw(its)
    os.set_blocking(ours, False)
    unit = SimDevice(1, SimData(0x10, values=[3, 12, 1, 0x41], datatype=DataType.REGISTERS))
    server = ModbusSerialServer(unit, port=os.ttyname(its), baudrate=9600)
    serving = asyncio.create_task(server.serve_forever())
    arrived: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, lambda: arrived.put_nowait(os.read(ours, 4096)))
    driver, now = Modbus(Registers(1, 0x10)), 0.0
    try:
        async with asyncio.timeout(60):
            while True:
                try:
                    chunk = await asyncio.wait_for(arrived.get(), POLL_SECONDS)
                except TimeoutError:
                    chunk = b""
                    now += POLL_SECONDS  # it may not have been listening yet
                found = driver.feed(chunk, now)
                for output in found:
                    if isinstance(output, Send):
                        os.write(ours, output.data)
                if said := [output for output in found if isinstance(output, Call)]:
                    return [*said]
    finally:
        loop.remove_reader(ours)
        await server.shutdown()  # type: ignore[no-untyped-call]
        await asyncio.gather(serving, return_exceptions=True)
        os.close(its)
        os.close(ours)
