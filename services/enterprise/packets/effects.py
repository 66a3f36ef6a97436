"""What packets do in the world: the enterprise's own forms are rendered, packets are mailed; each
outcome is an event.
"""

from collections.abc import Sequence

import structlog

from libs.chassis.process.mail import NotMailed, Post, SmtpPost
from libs.chassis.service.resources import Resources
from libs.events.application import Command
from libs.events.effects import Effects
from libs.events.errors import Unavailable
from libs.events.pools import CONNECTION_ERRORS
from libs.events.records import StoredEvent
from libs.events.value import Act, Actor
from libs.filing.content.scans import scans_in
from libs.papers.archive import File
from libs.papers.filing import Head, filing_paper
from libs.papers.keeping import attempt, make_part
from libs.papers.part import Part
from services.enterprise.information.domain import Enterprise
from services.enterprise.packets import commands
from services.enterprise.packets.assembly import assemble, message
from services.enterprise.packets.domain import Enclosed, Packet, State

SYSTEM = Actor(user="effect", role="SYSTEM")
BROKEN = "BROKEN"  # the packet cannot be put together any more
log = structlog.get_logger()


def effects(the: Resources) -> Sequence[Effects]:
    return [_forms(the), _mails(the, SmtpPost(the.settings.mail))]


def _forms(the: Resources) -> Effects:
    forms = Effects("enterprise.forms")

    @forms.on(Packet.PacketBuilt)
    async def render(event: Packet.PacketBuilt, at: StoredEvent) -> None:
        waiting = (await the.application.read(Packet, at.stream)).waiting
        for each in event.filings:
            if each.service == commands.OWN and each.filing in waiting:
                made = await attempt(_part(the, each))
                await commands.take_part(
                    the.application, _command(the), at.stream, each.filing, made
                )

    return forms


def _mails(the: Resources, post: Post) -> Effects:
    mails = Effects("enterprise.mails")

    @mails.on(Packet.MailAsked)
    async def mail(_: Packet.MailAsked, at: StoredEvent) -> None:
        packet = await the.application.read(Packet, at.stream)
        if packet.state is State.MAILING and packet.attempts[-1].version == at.version:
            done = await _mailed(the, post, packet)
            if isinstance(done, File):
                await commands.tell_mailed(
                    the.application, _command(the), at.stream, done.sha256, len(done.data)
                )
            else:
                await commands.tell_failed(the.application, _command(the), at.stream, done)

    return mails


async def _mailed(the: Resources, post: Post, packet: Packet) -> File | str:
    """What went out, or why nothing did: one packet's fault stops no other. Raises Unavailable."""
    try:
        assembled = await assemble(the, packet)
        await post.send(message(packet, assembled))
    except (Unavailable, *CONNECTION_ERRORS):
        raise
    except NotMailed as error:
        return error.reason
    except Exception as error:  # a part is lost, or its key
        log.error("a packet cannot be put together", packet=str(packet.id), exc_info=error)
        return BROKEN
    return assembled.archive


def _command(the: Resources) -> Command:
    return Command(Act(by=SYSTEM, at=the.clock.now()))


async def _part(the: Resources, enclosed: Enclosed) -> Part:
    """As the filing was sent in that round."""
    enterprise = await the.application.read(Enterprise, enclosed.subject)
    version = enterprise.filing(enclosed.filing).sent_versions[enclosed.round - 1]
    sent = (await the.application.read(Enterprise, enclosed.subject, version)).filing(
        enclosed.filing
    )
    assert sent.content
    assert sent.sent_at
    head = Head(
        enterprise=sent.content.basic.name or "",
        uscc=enterprise.uscc,
        type=enclosed.type,
        filing_no=enclosed.filing_no,
        receipt_no=enclosed.receipt_no,
        round=enclosed.round,
        sent_at=sent.sent_at,
        unit=enterprise.unit(sent.content),
    )
    scans = tuple(scans_in(sent.content))
    return await make_part(
        the,
        enclosed.subject,
        head.enterprise,
        filing_paper(head, [("enterprise", sent.content)], scans),
        scans,
    )
