"""A Django application with the real Cravensworth, which answers the routes of express-app.ts.

Lines of JSON on standard input replace its settings. The first answer is the port of its server.
"""

import logging
import pathlib
import random
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'environment'))

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=['*'],
    CRAVENSWORTH={'CONTEXT_PROVIDER': '__main__.ContextProvider'},
    INSTALLED_APPS=[
        'django.contrib.contenttypes',
        'django.contrib.auth',
        'cravensworth.core',
    ],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[
        '__main__.authentication',
        'cravensworth.core.middleware.cravensworth_middleware',
    ],
    ROOT_URLCONF='__main__',
    SECRET_KEY='parity',
    SECURE_PROXY_SSL_HEADER=('HTTP_X_FORWARDED_PROTO', 'https'),
    TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates'}],
)
django.setup()

from cravensworth.core.providers import DjangoRequestContextProvider
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.http import HttpResponse, JsonResponse
from django.template import Context, engines
from django.urls import path

from line_peer import serve
from values import read


class User:
    """A user who is logged in, unless its own attributes say otherwise."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, attributes: dict):
        self.__dict__.update(attributes)


USERS = {
    'none': lambda _: None,
    'anonymous': lambda _: AnonymousUser(),
    'object': User,
    'dict': lambda attributes: attributes,
}


def authentication(get_response):
    def middleware(request):
        kind, attributes = read(request.headers['X-User'])
        request.user = USERS[kind](attributes)
        # Cravensworth may answer 500 for these cookies.
        if request.path == '/cookies':
            return JsonResponse(request.COOKIES)
        return get_response(request)

    return middleware


class ContextProvider(DjangoRequestContextProvider):
    def context(self, **kwargs):
        context = super().context(**kwargs)
        context.update(read(kwargs['request'].headers['X-Context']))
        return context


# Cravensworth makes its context provider when these are imported.
from cravensworth.core import decorators
from cravensworth.core.experiment import is_off, is_on, is_variant
from cravensworth.core.utils import get_tracking_key

# The questions, guards, template and draws of the current case.
asked = {}


def error_of(error: BaseException) -> dict:
    return {'error': {'name': type(error).__name__, 'message': str(error)}}


def answer(request, question: dict) -> dict:
    name = question['name']
    return {
        'is': [one for one in question['variants'] if is_variant(request, name, one)],
        'isOneOf': [is_variant(request, name, one) for one in question['lists']],
        'on': is_on(request, name),
        'off': is_off(request, name),
    }


def decisions(request):
    answers = []
    for question in asked['questions']:
        try:
            answers.append(answer(request, question))
        except Exception as error:
            answers.append(error_of(error))
    return JsonResponse(answers, safe=False)


def decision(request, index: int):
    return JsonResponse([answer(request, asked['questions'][index])], safe=False)


def key(request):
    return JsonResponse(get_tracking_key(request), safe=False)


def guarded(request, index: int):
    guard = asked['guards'][index]
    redirect = {} if guard['redirectTo'] is None else {'redirect_to': guard['redirectTo']}
    if guard['kind'] == 'variant':
        decorator = decorators.variant(guard['name'], guard['variant'], **redirect)
    else:
        decorator = getattr(decorators, guard['kind'])(guard['name'], **redirect)
    return decorator(lambda _: HttpResponse('passed'))(request)


def page(request):
    template = engines['django'].engine.from_string(asked['page']['django'])
    return HttpResponse(template.render(Context({'request': request, **asked['page']['data']})))


def handler500(_request):
    return JsonResponse(error_of(sys.exc_info()[1]), status=500)


urlpatterns = [
    path('decisions', decisions),
    path('decision/<int:index>', decision),
    path('key', key),
    path('guarded/<int:index>', guarded),
    path('page', page),
    path('plans', lambda _: HttpResponse('plans'), name='plans'),
]


class Handler(WSGIRequestHandler):
    # The header and the body are two packets, which must not wait for each other.
    disable_nagle_algorithm = True

    def log_message(self, *_args):
        pass


def use(case: dict) -> None:
    asked.clear()
    asked.update(case['asked'])
    settings.CRAVENSWORTH = {**settings.CRAVENSWORTH, **case['settings']}
    if 'ENABLED_IPS' not in case['settings']:
        settings.CRAVENSWORTH.pop('ENABLED_IPS', None)
    # Express gets the same draws. The last one is repeated.
    draws = list(case['draws'])
    random.randint = lambda _from, _to: draws.pop(0) if len(draws) > 1 else draws[0]


def main() -> None:
    logging.disable()
    server = ThreadedWSGIServer(('127.0.0.1', 0), Handler)
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    serve(lambda case: server.server_port if case is None else use(case))


main()
