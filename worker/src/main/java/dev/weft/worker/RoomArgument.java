package dev.weft.worker;

import dev.weft.room.RoomName;
import picocli.CommandLine;

/** Reads a room's name from a command line. */
final class RoomArgument implements CommandLine.ITypeConverter<RoomName> {
    @Override
    public RoomName convert(String value) {
        if (value.isEmpty()) {
            throw new CommandLine.TypeConversionException("a room's name has at least one character");
        }
        return new RoomName(value);
    }
}
